import type { DeviceRow } from '../../../../engine-api/frame.ts';
import {
  differencesBetween,
  inParts,
  valueAt,
  type Difference,
} from '../../../../model/config/differences.ts';
import type { DeviceKey, SafeSchema } from '../../../../model/device.ts';
import { validate } from '../../../../model/validate.ts';
import { configFields, draftConfig, entryOf, type Edits } from '../../device/config/config-fields.ts';
import type { Entry, FormField } from '../../device/form-field.ts';

/** Devices that take the same configuration. */
export interface ConfigGroup {
  /** Tells it from the others. */
  readonly id: string;
  readonly schema: SafeSchema;
  readonly keys: readonly DeviceKey[];
  /** The kinds that its devices call themselves, in order. */
  readonly kinds: readonly string[];
}

/** What a change would do to one device. */
export interface PlannedChange {
  readonly key: DeviceKey;
  /** What is asked now; `null` for nothing. */
  readonly base: unknown;
  readonly value: unknown;
  /** None: it is asked so already. */
  readonly differences: readonly Difference[];
  /** Why it cannot be asked, in one sentence. */
  readonly fault?: string;
}

/** By schema, since each device's crossed as an object of its own and stays until it describes itself anew. */
const ids = new WeakMap<SafeSchema, string | undefined>();

/** What tells a schema from others; `undefined` where a form cannot show it. */
function idOf(schema: SafeSchema): string | undefined {
  if (!ids.has(schema)) ids.set(schema, configFields(schema) && JSON.stringify(schema));
  return ids.get(schema);
}

const MAX_CHECKED = 2_000;
const checked = new WeakMap<SafeSchema, Map<string, string | undefined>>();

/** What is wrong with a value. Most devices come out the same, and to check a value costs more than to make it. */
function faultOf(schema: SafeSchema, value: unknown): string | undefined {
  const known = checked.get(schema) ?? new Map<string, string | undefined>();
  checked.set(schema, known);
  if (known.size >= MAX_CHECKED) known.clear();
  const text = JSON.stringify(value);
  if (!known.has(text)) known.set(text, validate(schema, value)[0]);
  return known.get(text);
}

/** The devices that describe a configuration which a form can show, by what they take; the largest group first. */
export function configGroups(rows: Iterable<DeviceRow>): readonly ConfigGroup[] {
  const groups = new Map<string, { schema: SafeSchema; keys: DeviceKey[]; kinds: Set<string> }>();
  for (const { key, description } of rows) {
    const schema = description?.config;
    const id = schema && idOf(schema);
    if (schema === undefined || id === undefined) continue;
    const group = groups.get(id) ?? { schema, keys: [], kinds: new Set() };
    groups.set(id, group);
    group.keys.push(key);
    if (description?.kind !== undefined) group.kinds.add(description.kind);
  }
  return [...groups]
    .map(([id, { schema, keys, kinds }]) => ({ id, schema, keys, kinds: [...kinds].sort() }))
    .sort((a, b) => b.keys.length - a.keys.length);
}

/** The inputs for many: none shows a value, since there are many. Each may be left alone, which needs no "optional" here. */
export function fieldsForMany(schema: SafeSchema): readonly FormField[] {
  return (configFields(schema) ?? []).map((field): FormField => {
    const alone = { required: true, initial: '' } as const;
    if (field.kind === 'boolean') return { ...field, ...alone, kind: 'choice', choices: [true, false] };
    return { ...field, ...alone };
  });
}

/** What `edits` would do to each of the devices of a group. */
export function planMany(
  { schema }: ConfigGroup,
  rows: Iterable<DeviceRow>,
  edits: Edits,
): readonly PlannedChange[] {
  const fields = configFields(schema) ?? [];
  return [...rows].map(({ key, config }): PlannedChange => {
    const { desired, reported } = config ?? {};
    const base = desired?.value ?? null;
    const shown = (field: FormField): Entry => {
      const inForce = valueAt(reported?.value, field.path);
      return inForce === undefined ? field.initial : entryOf(field, inForce);
    };
    const reading = draftConfig(fields, edits, base ?? undefined, shown);
    if (!reading.ok)
      return { key, base, value: base, differences: [], fault: [...reading.wrong.values()][0] };
    const { value } = reading;
    const differences = differencesBetween(base ?? {}, value).flatMap(inParts);
    const fault = differences.length === 0 ? undefined : faultOf(schema, value);
    return { key, base, value, differences, ...(fault !== undefined && { fault }) };
  });
}
