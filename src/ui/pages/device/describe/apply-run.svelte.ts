import { SvelteMap } from 'svelte/reactivity';
import type { DescribeAnswer, DescribeRequest } from '../../../../engine-api/descriptions.ts';
import { sameJson } from '../../../../model/config/same-json.ts';
import type { DescriptionDocument, DeviceKey } from '../../../../model/device.ts';
import { errorText } from '../../../words/error-text.ts';
import type { PlannedDescription } from './plan-apply.ts';

/** What became of each device, in the order in which it happens. Every device is in one of them. */
export const APPLY_STATES = ['waiting', 'sending', 'accepted', 'sent', 'conflict', 'failed'] as const;
export type ApplyState = (typeof APPLY_STATES)[number];

/** How far one device has come. */
export interface Applied {
  readonly key: DeviceKey;
  readonly state: ApplyState;
  /** Why not, in one sentence. */
  readonly why?: string;
}

export interface ApplyOptions {
  readonly describe: (request: DescribeRequest) => Promise<DescribeAnswer>;
  /** What stands at the broker; `undefined` while that is not known. */
  readonly describedAs: (device: DeviceKey) => Promise<DescriptionDocument | null | undefined>;
  /** Why nothing more may go, in one sentence; asked before each device. */
  readonly hindered: () => string | undefined;
  /** A device is described so. */
  readonly onDone: (planned: PlannedDescription, answer: DescribeAnswer) => void;
  /** Waits so many ms. */
  readonly wait: (ms: number) => Promise<void>;
  /** Steady, in ms. */
  readonly now: () => number;
}

const CONFLICT = 'Not sent: somebody has changed its description since it was looked at.';

/**
 * One description on its way to many devices, one after the other. It lives as long as the page: what is left when that goes
 * is seen by looking again at what differs. (Waiting in the outbox it would outlive the person who knows what it is in place of.)
 */
export class ApplyRun {
  readonly #planned: readonly PlannedDescription[];
  readonly #perSecond: number;
  readonly #options: ApplyOptions;
  readonly #lines = new SvelteMap<DeviceKey, Applied>();
  #stopAsked = false;
  running = $state(false);
  /** Why it stopped before its end, in one sentence. */
  stopped = $state<string>();
  readonly counts = $derived.by(() => {
    const counts = Object.fromEntries(APPLY_STATES.map((state) => [state, 0])) as Record<ApplyState, number>;
    for (const { state } of this.#lines.values()) counts[state]++;
    return counts as Readonly<Record<ApplyState, number>>;
  });

  /** @param perSecond at most so many go in a second */
  constructor(planned: readonly PlannedDescription[], perSecond: number, options: ApplyOptions) {
    this.#planned = planned;
    this.#perSecond = perSecond;
    this.#options = options;
    for (const { key } of planned) this.#lines.set(key, { key, state: 'waiting' });
  }

  /** In the order of their turns. */
  get lines(): readonly Applied[] {
    return [...this.#lines.values()];
  }

  /** Those that may be sent once more: a conflict is for a person to look at. */
  get undone(): readonly Applied[] {
    return this.lines.filter(isUndone);
  }

  /** Sends to those that are waiting or failed. Resolves at the end, or when it was stopped; never rejects. */
  async go(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.#stopAsked = false;
    this.stopped = undefined;
    const going = this.#planned.filter(({ key }) => isUndone(this.#lines.get(key)));
    for (const { key } of going) this.#lines.set(key, { key, state: 'waiting' });
    for (const planned of going) {
      const hindered = this.#stopAsked ? 'Stopped by you.' : this.#options.hindered();
      if (hindered !== undefined) {
        this.stopped = hindered;
        break;
      }
      const turn = this.#options.now() + 1_000 / this.#perSecond;
      await this.#apply(planned);
      await this.#options.wait(Math.max(0, turn - this.#options.now()));
    }
    this.running = false;
  }

  /** What was not sent yet is not sent. */
  stop(): void {
    this.#stopAsked = true;
  }

  async #apply(planned: PlannedDescription): Promise<void> {
    const { key, over, document } = planned;
    this.#lines.set(key, { key, state: 'sending' });
    try {
      const answer = await this.#options.describe({ device: key, document, over });
      this.#lines.set(key, { key, state: answer });
      this.#options.onDone(planned, answer);
    } catch (error) {
      const changed = await this.#changed(planned);
      this.#lines.set(
        key,
        changed ? { key, state: 'conflict', why: CONFLICT } : { key, state: 'failed', why: errorText(error) },
      );
    }
  }

  async #changed({ key, over, document }: PlannedDescription): Promise<boolean> {
    try {
      const now = await this.#options.describedAs(key);
      return now !== undefined && !sameJson(now, over) && !sameJson(now, document);
    } catch {
      return false;
    }
  }
}

function isUndone(line: Applied | undefined): boolean {
  return line?.state === 'waiting' || line?.state === 'failed';
}

/** The last run from each device, by `changeKey`: it goes on while somebody looks at another device. */
export const applyRuns = new SvelteMap<string, ApplyRun>();
