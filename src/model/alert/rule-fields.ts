import { quote } from '../foreign-text.ts';
import { isObject } from '../payload.ts';
import type { Value } from '../sample.ts';

const MAX_FAULTS = 20;
const MAX_NUMBER = 1e15;

/** Collects what is wrong, one sentence each. */
export class FaultList {
  readonly sentences: string[] = [];

  get any(): boolean {
    return this.sentences.length > 0;
  }

  add(sentence: string): void {
    if (this.sentences.length < MAX_FAULTS) this.sentences.push(sentence);
  }

  /** The members of a foreign object; `where` begins each sentence about them. */
  fields(value: unknown, where: string): Fields {
    if (!isObject(value)) this.add(`${where} must be an object.`);
    return new Fields(isObject(value) ? value : undefined, where, '', this);
  }
}

interface Bounds {
  readonly least?: number;
  readonly most?: number;
  readonly above?: number;
  /** Where it is missing. */
  readonly otherwise?: number;
}

/** Reads the members of one foreign object. What is wrong becomes a fault, and some value stands in for it. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>> | undefined;
  readonly #where: string;
  readonly #path: string;
  readonly #faults: FaultList;

  constructor(
    object: Readonly<Record<string, unknown>> | undefined,
    where: string,
    path: string,
    faults: FaultList,
  ) {
    this.#object = object;
    this.#where = where;
    this.#path = path;
    this.#faults = faults;
  }

  /** Says what is wrong with one member; once is enough where there is no object at all. */
  fault(key: string, what: string): void {
    if (this.#object) this.#faults.add(`${this.#where}: ${quote(this.#path + key)} ${what}.`);
  }

  has(key: string): boolean {
    return this.raw(key) !== undefined;
  }

  raw(key: string): unknown {
    return this.#object && Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  /** A misspelt member would be a wish that nobody carries out. */
  only(keys: readonly string[]): void {
    for (const key of Object.keys(this.#object ?? {})) {
      if (!keys.includes(key)) this.fault(key, `is not known here; there are ${keys.join(', ')}`);
    }
  }

  inner(key: string, path: string): Fields {
    const value = this.raw(key);
    if (!isObject(value)) this.fault(key, 'must be an object');
    return new Fields(isObject(value) ? value : undefined, this.#where, `${path}.`, this.#faults);
  }

  text(key: string, most: number): string {
    const value = this.raw(key);
    if (typeof value === 'string' && value !== '' && value.length <= most) return value;
    this.fault(key, value === '' ? 'must not be empty' : `must be a text of 1 to ${most} characters`);
    return '';
  }

  texts(key: string, most: number, longest: number): readonly string[] {
    const value = this.raw(key);
    const isList =
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= most &&
      value.every((item) => typeof item === 'string' && item !== '' && item.length <= longest);
    if (isList) return value as string[];
    this.fault(key, `must be a list of 1 to ${most} texts`);
    return [];
  }

  number(key: string, { least = -MAX_NUMBER, most = MAX_NUMBER, above, otherwise }: Bounds = {}): number {
    const value = this.raw(key);
    if (value === undefined && otherwise !== undefined) return otherwise;
    const fits = typeof value === 'number' && value >= least && value <= most;
    if (fits && (above === undefined || value > above)) return value;
    const bounds =
      above !== undefined
        ? ` above ${above}`
        : least > -MAX_NUMBER
          ? most < MAX_NUMBER
            ? ` from ${least} to ${most}`
            : ` of at least ${least}`
          : '';
    this.fault(key, `must be a number${bounds}`);
    return NaN;
  }

  value(key: string, longest: number): Value {
    const value = this.raw(key);
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'string' && value.length <= longest) return value;
    this.fault(key, 'must be a number, a text, or true or false');
    return false;
  }

  flag(key: string, otherwise: boolean): boolean {
    const value = this.raw(key);
    if (value !== undefined && typeof value !== 'boolean') this.fault(key, 'must be true or false');
    return typeof value === 'boolean' ? value : otherwise;
  }

  choice<Choice extends string>(
    key: string,
    choices: readonly [Choice, ...Choice[]] | readonly Choice[],
    otherwise?: Choice,
  ): Choice {
    const value = this.raw(key);
    if (value === undefined && otherwise !== undefined) return otherwise;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    this.fault(key, `must be one of ${choices.join(', ')}`);
    return otherwise ?? choices[0]!;
  }
}
