import type { TriedAlert } from '../../engine-api/rules.ts';
import type { AlertRule } from '../../model/alert/rule.ts';
import { Watch, type Change } from '../../model/alert/watch.ts';
import type { DeviceKey } from '../../model/device.ts';
import { Staleness } from '../../model/staleness.ts';
import type { Replay } from '../history/history-replay.ts';

/** Something that happened, with how it goes on the watch. */
interface Step {
  readonly at: number;
  readonly run: (watch: Watch) => Change | undefined;
}

/** Runs one rule over the past of one device, part by part: the same state machine as for what arrives. */
export class RuleReplay {
  readonly alerts: TriedAlert[] = [];
  /** When the first reading or word of its status came, epoch ms. */
  first = Infinity;
  /** For how long after that nobody listened, ms. */
  unknown = 0;
  readonly #watch: Watch;
  readonly #device: DeviceKey;
  readonly #staleness = new Staleness();
  /** Seconds between two readings, where the device says so. */
  readonly #interval: number | undefined;
  #lastAt = NaN;
  #began: number | undefined;

  constructor(rule: AlertRule, device: DeviceKey, from: number, interval: number | undefined) {
    this.#watch = new Watch(rule);
    this.#device = device;
    this.#interval = interval;
    // Before that, nobody knows.
    this.#watch.heard(from);
  }

  /** Takes the next part; parts follow each other. */
  take({ samples, gaps, statuses }: Replay): void {
    this.first = Math.min(this.first, samples[0]?.t ?? Infinity, statuses[0]?.at ?? Infinity);
    for (const { from, to } of gaps) this.unknown += Math.max(0, to - Math.max(from, this.first));
    const isSilence = this.#watch.rule.on.when === 'no-data';
    const steps: Step[] = samples.map(({ t, value }) => ({
      at: t,
      run: (watch) => {
        this.#staleness.push(t);
        this.#lastAt = t;
        return isSilence ? watch.heard(t) : watch.take(value, t);
      },
    }));
    for (const { from, to } of gaps) {
      steps.push({ at: from, run: (watch) => watch.lose(from) });
      steps.push({ at: to, run: (watch) => watch.regain(to, true) });
    }
    for (const { at, online } of statuses) steps.push({ at, run: (watch) => watch.status(online, at) });
    // What came at the end of a gap came after it.
    steps.sort((a, b) => a.at - b.at);
    for (const { at, run } of steps) {
      this.#passTo(at);
      this.#note(run(this.#watch), at);
    }
  }

  /** Nothing more comes until `to`, epoch ms. */
  end(to: number): readonly TriedAlert[] {
    this.#passTo(to);
    if (this.#began !== undefined) this.alerts.push({ device: this.#device, from: this.#began });
    return this.alerts;
  }

  #passTo(at: number): void {
    for (let due = this.#watch.due; due < at; due = this.#watch.due) {
      const change = this.#watch.tick(due, !this.#staleness.isStale(due - this.#lastAt, this.#interval));
      if (change === undefined) return;
      this.#note(change, due);
    }
  }

  #note(change: Change | undefined, at: number): void {
    if (change === 'firing') this.#began = at;
    if (change !== 'resolved' || this.#began === undefined) return;
    this.alerts.push({ device: this.#device, from: this.#began, to: at });
    this.#began = undefined;
  }
}
