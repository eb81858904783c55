import type { SafeSchema } from '../device.ts';
import { isObject } from '../payload.ts';
import { member, type Path } from './differences.ts';

/** UTF-16 units of a configuration as JSON, beyond which only the fact that there was one is kept. */
const MAX_KEPT = 16 * 1024;

/** What stands in place of a value that its schema calls write-only, such as a Wi-Fi password. */
export const NOT_SHOWN = '(not shown)';

/**
 * Whether what stands at `path` is neither shown nor kept, and not expected to be reported. A list is one value: one with a
 * secret in its entries is a secret.
 */
export function isSecret(schema: SafeSchema | undefined, path: Path): boolean {
  const field = path.reduce<unknown>((at, name) => member(member(at, 'properties'), name), schema);
  return member(field, 'writeOnly') === true || holdsSecret(member(field, 'items'));
}

function holdsSecret(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  const inside = isObject(schema['properties']) ? Object.values(schema['properties']) : [];
  return schema['writeOnly'] === true || [...inside, schema['items']].some(holdsSecret);
}

/** A configuration as it may be shown: its secrets replaced. */
export function withoutSecrets(value: unknown, schema: SafeSchema | undefined, path: Path = []): unknown {
  if (schema === undefined) return value;
  if (isSecret(schema, path)) return NOT_SHOWN;
  if (!isObject(value)) return value;
  const parts = Object.entries(value).map(([name, part]) => [
    name,
    withoutSecrets(part, schema, [...path, name]),
  ]);
  return Object.fromEntries(parts);
}

/** A configuration as it may be stored: without its secrets; `undefined` when it is too large to be. */
export function keepable(value: unknown, schema: SafeSchema | undefined): unknown {
  return JSON.stringify(value ?? null).length > MAX_KEPT ? undefined : withoutSecrets(value, schema);
}

/** Whether something of a configuration was replaced, so that it must not be sent as it is. */
export function holdsNotShown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === NOT_SHOWN;
  return Object.values(value).some(holdsNotShown);
}
