import type { Value } from '../sample.ts';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Which way a value has to move for a rule about its rate. */
export const DIRECTIONS = ['rise', 'fall', 'either'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** When a rule is broken. Numbers are in the channel's own unit; `hysteresis` is how far back a value must come to end it. */
export type Condition =
  | { readonly when: 'above'; readonly channel: string; readonly value: number; readonly hysteresis?: number }
  | { readonly when: 'below'; readonly channel: string; readonly value: number; readonly hysteresis?: number }
  | {
      readonly when: 'outside';
      readonly channel: string;
      readonly low: number;
      readonly high: number;
      readonly hysteresis?: number;
    }
  | { readonly when: 'equals'; readonly channel: string; readonly value: Value }
  /** Over when it has not changed for `settle` seconds. */
  | { readonly when: 'changes'; readonly channel: string; readonly settle: number }
  /** Moves by `by` or more within `within` seconds. */
  | {
      readonly when: 'rate';
      readonly channel: string;
      readonly direction: Direction;
      readonly by: number;
      readonly within: number;
      readonly hysteresis?: number;
    }
  /** Nothing for `seconds`: of one channel, or of the whole device where none is named. */
  | { readonly when: 'no-data'; readonly channel?: string; readonly seconds: number }
  | { readonly when: 'offline'; readonly seconds: number };

export type When = Condition['when'];

export const WHENS: readonly When[] = [
  'above',
  'below',
  'outside',
  'equals',
  'changes',
  'rate',
  'no-data',
  'offline',
];

/** Which devices a rule is about. Texts of a filter may hold `*` for anything; all that are given must fit. */
export type Scope =
  | { readonly of: 'all' }
  /** By the ids that people and addresses use. */
  | { readonly of: 'devices'; readonly ids: readonly string[] }
  | { readonly of: 'kind'; readonly kind: string }
  | { readonly of: 'filter'; readonly id?: string; readonly model?: string; readonly location?: string };

/** One rule. Seconds, where nothing else is said. */
export interface AlertRule {
  /** `[A-Za-z0-9_-]{1,64}`; one of its kind in a set. */
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly on: Condition;
  /** How long it must have held; 0 is at once. Not for `changes`, `no-data` and `offline`, which say it themselves. */
  readonly for: number;
  readonly scope: Scope;
  /** A rule that is off watches nothing and is kept. */
  readonly enabled: boolean;
}

/** What a rule looks at to decide whether a device is one of its own. */
export interface ScopedDevice {
  readonly id: string;
  readonly kind?: string;
  readonly model?: string;
  readonly location?: string;
}

/** How many rules a set may have: each is looked at when a device is new. */
export const MAX_RULES = 500;

/** Conditions that say by themselves how long something must last. */
export function hasOwnTime(when: When): boolean {
  return when === 'changes' || when === 'no-data' || when === 'offline';
}

/** The channel that a condition is about, where it is about one. */
export function channelOf(on: Condition): string | undefined {
  return on.when === 'offline' ? undefined : on.channel;
}
