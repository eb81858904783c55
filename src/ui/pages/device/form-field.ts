export type Scalar = string | number | boolean;

interface Argument {
  /** Where its value stands in the arguments; empty when it is the arguments. */
  readonly path: readonly string[];
  readonly label: string;
  readonly required: boolean;
  /** Its object is needed, also with nothing in it. */
  readonly inNeeded?: boolean;
  readonly description?: string;
  readonly unit?: string;
}

/** One input of a command's form. */
export interface Field extends Argument {
  readonly kind: 'number' | 'integer' | 'boolean' | 'choice' | 'text';
  readonly min?: number;
  readonly max?: number;
  /** Its value is a multiple of this. */
  readonly step?: number;
  readonly maxLength?: number;
  /** Not to be read over a shoulder: `writeOnly` in the schema. */
  readonly secret?: boolean;
  readonly choices: readonly Scalar[];
  /** What the input starts with: the text typed, or whether a box is ticked. */
  readonly initial: string | boolean;
}

/** A list in a command's form: the same inputs for each of its entries. */
export interface ListField extends Argument {
  readonly kind: 'list';
  /** The inputs of an entry; a single one with an empty path where its entries are scalars. */
  readonly inputs: readonly Field[];
  /** So many entries at least, and at most. */
  readonly min: number;
  readonly max: number;
  /** `''` is not set, which is not the same as a list with no entries. */
  readonly initial: readonly Row[] | '';
}

export type FormField = Field | ListField;

/** What the inputs of one entry of a list hold. */
export type Row = readonly (string | boolean)[];

/** What a field holds before it is read; `''` is not set, for every kind but a box. */
export type Entry = string | boolean | readonly Row[];

/** What a form holds before it is read; one entry a field. */
export type Draft = Entry[];
