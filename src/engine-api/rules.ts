import type { AlertRule } from '../model/alert/rule.ts';
import type { RuleSets } from '../model/alert/rule-sets.ts';
import type { DeviceKey } from '../model/device.ts';

/** The rules of this browser, and those that the broker offers. */
export interface RulesState extends RuleSets {
  /** What the site's retained document says; missing while nothing was heard of it, or it cannot be read. */
  readonly offered?: {
    /** Which of those that came: a person adopts the one that was shown. */
    readonly revision: number;
    readonly rules: readonly AlertRule[];
  };
  /** Why the site's document cannot be used, one sentence each. */
  readonly offerFaults?: readonly string[];
}

/** Runs a rule over what is stored, in steps: each answer says where the next one goes on. */
export interface TryRequest {
  readonly rule: AlertRule;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  /** From the answer before; missing in the first request. */
  readonly next?: number;
}

/** One time that the rule would have fired. */
export interface TriedAlert {
  readonly device: DeviceKey;
  /** Epoch ms. */
  readonly from: number;
  /** Missing when it was not over at the end of the range. */
  readonly to?: number;
}

export interface TryAnswer {
  readonly alerts: readonly TriedAlert[];
  /** How many devices the rule is about, and how many readings of them were looked at in this step. */
  readonly devices: number;
  readonly samples: number;
  /** From when on single readings are stored; before that nothing can be tried. */
  readonly storedFrom: number;
  /** When the first of what was looked at in this step came, epoch ms; missing when there was nothing. */
  readonly first?: number;
  /** For how long of what follows the first nobody listened, ms: whether it would have fired then is not known. */
  readonly unknown: number;
  /** Missing when everything has been looked at. */
  readonly next?: number;
}
