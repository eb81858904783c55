import { isObject } from '../payload.ts';
import { sameJson } from './same-json.ts';

/** Where in a configuration something stands: the names of the objects around it, outermost first. */
export type Path = readonly string[];

/** A path as a key of a list or a map: a name may hold any character. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** One place at which two configurations differ; `undefined` where one has nothing there. */
export interface Difference {
  readonly path: Path;
  readonly from: unknown;
  readonly to: unknown;
}

/** A member of a JSON object; `undefined` when it has none of that name or is no object. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** What stands at `path`; `undefined` when nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(member, value);
}

/**
 * Every place at which two configurations differ, in the order of `from` and then of `to`. Objects are looked into; a list
 * is one value.
 */
export function differencesBetween(from: unknown, to: unknown, path: Path = []): readonly Difference[] {
  if (sameJson(from, to)) return [];
  if (!isObject(from) || !isObject(to)) return [{ path, from, to }];
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].flatMap((name) =>
    differencesBetween(member(from, name), member(to, name), [...path, name]),
  );
}

/** An object that only one of the two has, part by part; any other difference as it is. */
export function inParts({ path, from, to }: Difference): readonly Difference[] {
  const object = from === undefined ? to : to === undefined ? from : undefined;
  const names = isObject(object) ? Object.keys(object) : [];
  if (names.length === 0) return [{ path, from, to }];
  return names.flatMap((name) =>
    inParts({ path: [...path, name], from: member(from, name), to: member(to, name) }),
  );
}
