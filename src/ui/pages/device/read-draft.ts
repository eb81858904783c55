import { counted } from '../../words/value-words.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { Draft, Entry, Field, FormField, ListField, Row, Scalar } from './form-field.ts';

/** The arguments that a form stands for, or one sentence for each field that is wrong, by position. */
export type DraftReading =
  | { readonly ok: true; readonly args: unknown }
  | { readonly ok: false; readonly wrong: ReadonlyMap<number, string> };

class Wrong extends Error {}

function limits(field: Field): string {
  if (field.min !== undefined && field.max !== undefined) return ` from ${field.min} to ${field.max}`;
  if (field.min !== undefined) return ` of at least ${field.min}`;
  return field.max === undefined ? '' : ` of at most ${field.max}`;
}

/** As far as floating point tells; what the validator does not take it says itself. */
function isMultiple(value: number, step: number | undefined): boolean {
  return step === undefined || Math.abs(value / step - Math.round(value / step)) < 1e-6;
}

/** The value of one field, `undefined` when it was left out. Throws {@link Wrong} with a sentence. */
function fieldValue(field: Field, entry: string | boolean): Scalar | undefined {
  const name = visibleText(field.label);
  if (typeof entry === 'boolean') return entry;
  if (entry.trim() === '') {
    if (field.required) throw new Wrong(`${name} is needed.`);
    return undefined;
  }
  if (field.kind === 'choice') {
    const choice = field.choices.find((candidate) => String(candidate) === entry);
    if (choice === undefined) throw new Wrong(`${name} has to be one of the list.`);
    return choice;
  }
  if (field.kind === 'text') {
    if (field.maxLength !== undefined && entry.length > field.maxLength) {
      throw new Wrong(`${name} can have ${field.maxLength} characters; this has ${entry.length}.`);
    }
    return entry;
  }
  const value = Number(entry.trim().replace(',', '.'));
  const whole = field.kind !== 'integer' || Number.isInteger(value);
  const inside = value >= (field.min ?? -Infinity) && value <= (field.max ?? Infinity);
  if (!Number.isFinite(value) || !whole || !inside || !isMultiple(value, field.step)) {
    const multiple = field.step === undefined ? '' : `, a multiple of ${field.step}`;
    throw new Wrong(
      `${name} has to be a ${field.kind === 'integer' ? 'whole ' : ''}number${limits(field)}${multiple}.`,
    );
  }
  return value;
}

const entries = (count: number): string => counted(count, 'entry', 'entries');

/** The entries of a list, `undefined` when it was left out. Throws {@link Wrong} with a sentence. */
function listValue(field: ListField, entry: readonly Row[] | undefined): readonly unknown[] | undefined {
  const { label, required, inputs, min, max } = field;
  const name = visibleText(label);
  if (entry === undefined && !required) return undefined;
  const rows = entry ?? [];
  if (rows.length < min || rows.length > max) {
    const wanted = rows.length < min ? `at least ${entries(min)}` : `at most ${entries(max)}`;
    throw new Wrong(`${name} has to have ${wanted}; it has ${rows.length}.`);
  }
  return rows.map((row, i) => {
    const reading = readDraft(inputs, [...row]);
    if (reading.ok) return reading.args;
    throw new Wrong(`Entry ${i + 1} of ${name}: ${[...reading.wrong.values()].join(' ')}`);
  });
}

function argument(field: FormField, entry: Entry): unknown {
  if (field.kind === 'list') return listValue(field, typeof entry === 'object' ? entry : undefined);
  return fieldValue(field, typeof entry === 'object' ? '' : entry);
}

/** Reads a form. Names come from the device, so objects are built from entries, never by assignment. */
export function readDraft(fields: readonly FormField[], draft: Draft): DraftReading {
  const wrong = new Map<number, string>();
  const outer = new Map<string, unknown>();
  const inner = new Map<string, Map<string, unknown>>();
  let whole: unknown = undefined;
  fields.forEach((field, i) => {
    try {
      const value = argument(field, draft[i] ?? '');
      const [first, second] = field.path;
      if (first !== undefined && field.inNeeded && !inner.has(first)) inner.set(first, new Map());
      if (first === undefined) whole = value;
      else if (value === undefined) return;
      else if (second === undefined) outer.set(first, value);
      else inner.set(first, (inner.get(first) ?? new Map<string, unknown>()).set(second, value));
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      wrong.set(i, error.message);
    }
  });
  if (wrong.size > 0) return { ok: false, wrong };
  if (fields[0]?.path.length === 0) return { ok: true, args: whole };
  for (const [name, members] of inner) outer.set(name, Object.fromEntries(members));
  return { ok: true, args: Object.fromEntries(outer) };
}
