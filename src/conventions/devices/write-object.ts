import { MAX_DEPTH } from '../../model/payload.ts';

const encoder = new TextEncoder();

/**
 * The object as JSON.
 * @param what it is, as a sentence begins with it
 * @throws Error with one sentence when JSON cannot say all of it
 */
export function writeObject(what: string, value: object): Uint8Array {
  if (!isSayable(value, MAX_DEPTH)) {
    throw new Error(
      `${what} has a number that JSON cannot write, or more than ${MAX_DEPTH} lists or objects inside each other.`,
    );
  }
  return encoder.encode(JSON.stringify(value));
}

/** A number beyond f64 was read as `Infinity` and would be written as `null`. */
function isSayable(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((part) => isSayable(part, depth - 1));
}
