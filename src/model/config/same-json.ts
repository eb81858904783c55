import { isObject } from '../payload.ts';

/**
 * Whether two JSON values say the same: the order of keys and the spelling of a number (`1`, `1.0`, `10e-1`) make no
 * difference, the order of a list does. `undefined` stands for a value that is not there.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}
