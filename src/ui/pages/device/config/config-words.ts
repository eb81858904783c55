import type { ConfigChange, ConfigSeen } from '../../../../model/config/config-change.ts';
import { pathKey, type Difference, type Path } from '../../../../model/config/differences.ts';
import { pathText } from '../../../../model/config/difference-text.ts';
import { withoutSecrets } from '../../../../model/config/keepable.ts';
import type { SafeSchema } from '../../../../model/device.ts';
import { valueText } from '../../../words/value-words.ts';
import { clockTime } from '../../../words/time-words.ts';
import { shortText, visibleText } from '../../../words/visible-text.ts';
import type { FormField } from '../form-field.ts';

const MAX_VALUE = 60;

/** What a place in a configuration is called: as its form calls it, else by its path. */
export function placeText(path: Path, fields: readonly FormField[] | undefined): string {
  const field = fields?.find((one) => pathKey(one.path) === pathKey(path));
  return shortText(field?.label ?? pathText(path), 60);
}

/** A part of a configuration in a sentence; `nothing` where there is none. */
export function configText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'boolean' || typeof value === 'number') return valueText(value);
  return shortText(typeof value === 'string' ? value : JSON.stringify(value), MAX_VALUE);
}

/** As {@link configText}, of a value that may be a secret or hold one. */
export function shownText(value: unknown, path: Path, schema: SafeSchema | undefined): string {
  return configText(value === undefined ? undefined : withoutSecrets(value, schema, path));
}

/** `Hottest allowed: 80 → 90`. */
export function changeText({ path, from, to }: Difference, fields: readonly FormField[] | undefined): string {
  return `${placeText(path, fields)}: ${configText(from)} → ${configText(to)}`;
}

/** When something was asked or reported: a retained copy is older than its receipt. */
export function seenText({ at, source }: ConfigSeen): string {
  if (source === 'live') return `at ${clockTime(at)}`;
  return source === 'retained' ? `before ${clockTime(at)}` : `when last seen, ${clockTime(at)}`;
}

/** Who made a change, as far as that is known. */
export function whoText({ origin, by }: ConfigChange): string {
  const name = by === undefined ? undefined : shortText(by, 40);
  if (origin === 'here') return `${name ?? 'somebody'}, from this browser`;
  if (origin === 'away')
    return name === undefined
      ? 'somebody, while nobody here listened'
      : `${name}, while nobody here listened`;
  return name === undefined ? 'another console, which does not say whose' : `${name}, from another console`;
}

/** Why what is asked for cannot be shown, in one sentence. */
export function faultText(fault: string): string {
  return `What is retained cannot be read: ${visibleText(fault)}`;
}
