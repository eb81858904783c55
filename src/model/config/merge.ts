import { isObject } from '../payload.ts';
import { member, type Path } from './differences.ts';
import { sameJson } from './same-json.ts';

/** One place that two people changed to different things; `undefined` where somebody has nothing there. */
export interface Conflict {
  readonly path: Path;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Merge {
  /** Both changes in one; where they conflict, mine. */
  readonly merged: unknown;
  readonly conflicts: readonly Conflict[];
}

/**
 * What two people made of the same configuration, put together place by place. Only a person can say what holds where both
 * changed the same place.
 * @param base what both began from
 */
export function mergeConfig(base: unknown, mine: unknown, theirs: unknown, path: Path = []): Merge {
  if (sameJson(mine, theirs) || sameJson(base, theirs)) return { merged: mine, conflicts: [] };
  if (sameJson(base, mine)) return { merged: theirs, conflicts: [] };
  if (!isObject(mine) || !isObject(theirs)) {
    return { merged: mine, conflicts: [{ path, base, mine, theirs }] };
  }
  const conflicts: Conflict[] = [];
  const entries: [string, unknown][] = [];
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const part = mergeConfig(member(base, name), member(mine, name), member(theirs, name), [...path, name]);
    conflicts.push(...part.conflicts);
    if (part.merged !== undefined) entries.push([name, part.merged]);
  }
  // From entries: the names are foreign, and assignment could reach a prototype.
  return { merged: Object.fromEntries(entries), conflicts };
}

/** A copy with `part` at `path`, which is made where it is missing; `undefined` takes what is there away. */
export function withPart(value: unknown, path: Path, part: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return part;
  if (part === undefined && !isObject(value)) return value;
  const entries = new Map(isObject(value) ? Object.entries(value) : []);
  const changed = withPart(entries.get(name), rest, part);
  if (changed === undefined) entries.delete(name);
  else entries.set(name, changed);
  return Object.fromEntries(entries);
}
