import { cutText } from '../foreign-text.ts';
import type { Difference, Path } from './differences.ts';

const MAX_VALUE = 40;
const MAX_NAMED = 3;

/** Where something stands, for a person: `ramp.seconds`. */
export function pathText(path: Path): string {
  return path.length === 0 ? 'everything' : path.join('.');
}

/** A value in a sentence, cut to 40 characters; `nothing` where there is none. */
function partText(value: unknown): string {
  return value === undefined ? 'nothing' : cutText(JSON.stringify(value) ?? 'nothing', MAX_VALUE);
}

/** What changed, as part of a sentence: the first three places, and how many more there are. */
export function changesText(changes: readonly Difference[]): string {
  return some(changes, ({ path, from, to }) => `${pathText(path)} from ${partText(from)} to ${partText(to)}`);
}

/** What a device reports in place of what is asked of it, as one sentence. */
export function keepsText(unmet: readonly Difference[]): string {
  const text = some(unmet, ({ path, from, to }) =>
    to === undefined
      ? `${pathText(path)}: asked ${partText(from)}, not reported`
      : `${pathText(path)}: asked ${partText(from)}, device keeps ${partText(to)}`,
  );
  return `The device reports something else: ${text}.`;
}

function some(all: readonly Difference[], one: (difference: Difference) => string): string {
  const rest = all.length - MAX_NAMED;
  return all.slice(0, MAX_NAMED).map(one).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
