import { quote } from './foreign-text.ts';
import type { Value } from './sample.ts';

/** Channels that one message may carry. */
export const MAX_CHANNELS = 200;
/** UTF-16 units in the name of a channel, dots included. */
export const MAX_CHANNEL_NAME = 128;
/** Items of one list that become channels. */
export const MAX_LIST = 64;
/** UTF-16 units of a text that is a value. */
export const MAX_TEXT = 1024;
const MAX_PROBLEMS = 5;

/** A channel and its value. */
export type ChannelValue = readonly [channel: string, value: Value];

/** What a message's JSON comes to. */
export interface Flattened {
  /** Each channel at most once, in the order of the message. */
  readonly values: readonly ChannelValue[];
  /** One sentence for each thing that was left out; the last one counts what does not fit. */
  readonly problems: readonly string[];
}

const NO_PROBLEMS: readonly string[] = [];

/**
 * Whether a name can be a channel: not empty, at most {@link MAX_CHANNEL_NAME} long, no control characters, no half
 * characters (they cannot be part of a URL or a series key).
 */
export function isChannelName(name: string): boolean {
  if (name.length === 0 || name.length > MAX_CHANNEL_NAME) return false;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return false;
    if (code >= 0xd800 && code <= 0xdfff) return !/\p{Surrogate}/u.test(name);
  }
  return true;
}

/**
 * A JSON object as channels: nested names are joined with `.`, list items go by index, null is nothing.
 * Numbers that f64 cannot hold, over-long texts and unusable names are left out, each with a problem.
 * @param json from `readJson`, which bounds its depth
 * @param except a key at the top that is not a channel
 */
export function flatten(json: Readonly<Record<string, unknown>>, except?: string): Flattened {
  const walk: Walk = { values: [], problems: NO_PROBLEMS, names: undefined };
  for (const key in json) {
    if (key === except) continue;
    const value = json[key];
    if (typeof value === 'number' && walk.names === undefined && isChannelName(key) && value - value === 0) {
      // The common case, kept short: everything else takes the long way.
      if (walk.values.length < MAX_CHANNELS) walk.values.push([key, value]);
      else tooMany(walk);
    } else {
      add(walk, key, value);
    }
  }
  return { values: walk.values, problems: walk.problems };
}

interface Walk {
  readonly values: ChannelValue[];
  problems: readonly string[];
  /** Names used so far; needed from the first nested value on, since `{"a":{"b":1},"a.b":2}` names one channel twice. */
  names: Set<string> | undefined;
}

function report(walk: Walk, problem: string): void {
  if (walk.problems.length < MAX_PROBLEMS) walk.problems = [...walk.problems, problem];
  else if (walk.problems.length === MAX_PROBLEMS) walk.problems = [...walk.problems, 'More was left out.'];
}

function tooMany(walk: Walk): void {
  const problem = `The message has more than ${MAX_CHANNELS} channels; the first ${MAX_CHANNELS} are read.`;
  if (!walk.problems.includes(problem)) report(walk, problem);
}

function add(walk: Walk, name: string, value: unknown): void {
  if (value === null) return;
  if (walk.values.length >= MAX_CHANNELS) return tooMany(walk);
  if (!isChannelName(name)) return report(walk, nameProblem(name));
  if (typeof value === 'object') return descend(walk, name, value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return report(walk, `Channel ${quote(name)} has a number too large to be kept.`);
  }
  if (typeof value === 'string' && value.length > MAX_TEXT) {
    return report(
      walk,
      `Channel ${quote(name)} has a text of ${value.length} characters; at most ${MAX_TEXT} are kept.`,
    );
  }
  if (walk.names?.has(name)) {
    return report(walk, `Channel ${quote(name)} stands twice in the message; the first is kept.`);
  }
  walk.names?.add(name);
  walk.values.push([name, value as Value]);
}

function descend(walk: Walk, name: string, value: object): void {
  walk.names ??= new Set(walk.values.map(([used]) => used));
  if (!Array.isArray(value)) {
    const object = value as Record<string, unknown>;
    for (const key in object) {
      if (walk.values.length >= MAX_CHANNELS) return tooMany(walk);
      // An empty part would make `a.` out of {"a":{"":1}}: a name that no other message can spell.
      if (key === '') report(walk, nameProblem(key));
      else add(walk, `${name}.${key}`, object[key]);
    }
    return;
  }
  const length = Math.min(value.length, MAX_LIST);
  for (let i = 0; i < length; i++) add(walk, `${name}.${i}`, value[i]);
  if (value.length > MAX_LIST) {
    report(
      walk,
      `Channel ${quote(name)} is a list of ${value.length} values; the first ${MAX_LIST} are read.`,
    );
  }
}

function nameProblem(name: string): string {
  if (name === '') return 'A channel has an empty name.';
  if (name.length > MAX_CHANNEL_NAME) {
    return `Channel ${quote(name)} has a name of ${name.length} characters; at most ${MAX_CHANNEL_NAME} are read.`;
  }
  return `Channel ${quote(name)} has a character in its name that cannot be shown.`;
}
