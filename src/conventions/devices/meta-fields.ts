import { cleanText, quote } from '../../model/foreign-text.ts';
import { isObject } from '../../model/payload.ts';

const MAX_PROBLEMS = 10;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Takes single fields out of an untrusted object. What is missing or null is undefined; what is wrong is undefined too and
 * leaves one sentence that names the field.
 */
export class MetaFields {
  private readonly found: string[] = [];

  /** The sentences so far; the last one counts what does not fit. */
  problems(): readonly string[] {
    const more = this.found.length - MAX_PROBLEMS;
    if (more <= 0) return this.found;
    return [...this.found.slice(0, MAX_PROBLEMS), `Meta has ${more} more fields that were left out.`];
  }

  /** @param path the field as a person would write it, such as `channels.t.unit` */
  refuse(path: string, wanted: string): undefined {
    this.found.push(`Meta field ${quote(path)} must be ${wanted}; it was left out.`);
  }

  /** @param why from `readSchema` */
  refuseSchema(path: string, why: string): undefined {
    this.found.push(`Meta field ${quote(path)} was left out: the schema ${why}.`);
  }

  text(from: Fields, field: string, path: string, max: number): string | undefined {
    const value = from[field] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.refuse(path, 'a text');
    const clean = cleanText(value, max);
    return clean === '' ? this.refuse(path, 'a text that is not empty') : clean;
  }

  number(from: Fields, field: string, path: string, least: number, most: number): number | undefined {
    const value = from[field] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    return this.refuse(path, `a number from ${least} to ${most}`);
  }

  flag(from: Fields, field: string, path: string): boolean | undefined {
    const value = from[field] ?? undefined;
    if (value === undefined || typeof value === 'boolean') return value;
    return this.refuse(path, 'true or false');
  }

  object(from: Fields, field: string, path: string): Fields | undefined {
    const value = from[field] ?? undefined;
    if (value === undefined || isObject(value)) return value;
    return this.refuse(path, 'an object');
  }

  list(from: Fields, field: string, path: string): readonly unknown[] | undefined {
    const value = from[field] ?? undefined;
    if (value === undefined || Array.isArray(value)) return value;
    return this.refuse(path, 'a list');
  }
}
