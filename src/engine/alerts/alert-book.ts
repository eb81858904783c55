import { stands, type Alert, type StoredAlert } from '../../model/alert/alert.ts';
import type { WatchState } from '../../model/alert/watch.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Clock } from '../time/clock.ts';
import { Paced } from '../time/paced.ts';

const MAX_RESOLVED = 100;
/** What stands and crosses to the pages, at most: more would be scrolled past, not read. */
const MAX_STANDING = 2_000;
/** Values that hover around limits in a flood change alerts all the time: not one transaction after the other. */
const WRITE_MS = 100;

export interface AlertBookOptions {
  readonly clock: Clock;
  /** The list is another one. */
  readonly onChange: () => void;
  /** An alert began, was acknowledged or is over: at once after it is in the list. */
  readonly onNews: (alert: Alert) => void;
  /** Makes what became of alerts durable. */
  readonly save: (changes: ReadonlyMap<string, StoredAlert | undefined>) => Promise<void>;
}

/** The one list of alerts, whoever raised them: what stands, what is over, and what is kept of both. */
export class AlertBook {
  readonly #standing = new Map<string, Alert>();
  readonly #keys = new Map<string, string>();
  /** How many stand for each device. */
  readonly #ofDevice = new Map<DeviceKey, number>();
  #resolved: Alert[] = [];
  readonly #options: AlertBookOptions;
  #unsaved = new Map<string, StoredAlert | undefined>();
  #saving: Promise<void> | undefined;
  readonly #writes: Paced;
  #mark = false;

  constructor(options: AlertBookOptions) {
    this.#options = options;
    this.#writes = new Paced(options.clock, WRITE_MS, () => this.#write());
  }

  /** Takes up what an earlier page left behind: it is no news. */
  restore(stored: readonly StoredAlert[]): void {
    for (const { key, alert } of stored) if (alert) this.#put(key, alert);
  }

  /** What stands, then what is about to, then the last ones that are over; newest first. */
  list(): readonly Alert[] {
    const standing = [...this.#standing.values()].reverse();
    const shown = [...standing.filter(stands), ...standing.filter((alert) => !stands(alert))];
    return [...shown.slice(0, MAX_STANDING), ...this.#resolved];
  }

  get(key: string): Alert | undefined {
    return this.#standing.get(key);
  }

  /** Whether any stands for a device. */
  standsFor(device: DeviceKey): boolean {
    return this.#ofDevice.has(device);
  }

  /** The key of an alert that stands. */
  keyOf(id: string): string | undefined {
    return this.#keys.get(id);
  }

  /** An alert begins, or something about it is new; one that is resolved is over. */
  note(key: string, alert: Alert, watch?: WatchState): void {
    const before = this.#standing.get(key);
    if (alert.state === 'resolved') {
      this.#remove(key);
      this.#resolved = [alert, ...this.#resolved].slice(0, MAX_RESOLVED);
    } else {
      this.#put(key, alert);
    }
    this.#save(key, alert.state === 'resolved' ? undefined : alert, watch);
    // Values hover around a limit: what is only pending is told, and written, with the next second.
    if (alert.state === 'pending') this.#mark = true;
    else {
      this.#writes.soon();
      this.#options.onChange();
    }
    if (alert.state !== 'pending' && before?.state !== alert.state) this.#options.onNews(alert);
  }

  /** What was pending did not come to anything. */
  drop(key: string, watch?: WatchState): void {
    if (!this.#remove(key) && watch === undefined) return;
    this.#mark = true;
    this.#save(key, undefined, watch);
  }

  /** Nothing need be kept of it any more. */
  forget(key: string): void {
    this.#unsaved.set(key, undefined);
    this.#mark = true;
  }

  /** Once a second: tells and writes what was not worth a frame of its own. */
  sweep(): void {
    if (!this.#mark) return;
    this.#mark = false;
    this.#writes.soon();
    this.#options.onChange();
  }

  /** Writes at once what is not written; resolves when that is, or could not be. */
  async settled(): Promise<void> {
    await this.#saving;
    this.#write();
    await this.#saving;
  }

  /** Takes back the write that waits for its time; `settled` writes what is left. */
  stop(): void {
    this.#writes.stop();
  }

  #put(key: string, alert: Alert): void {
    const before = this.#standing.get(key);
    if (before) this.#keys.delete(before.id);
    else this.#ofDevice.set(alert.device, (this.#ofDevice.get(alert.device) ?? 0) + 1);
    this.#standing.set(key, alert);
    this.#keys.set(alert.id, key);
  }

  #remove(key: string): boolean {
    const before = this.#standing.get(key);
    if (!before) return false;
    this.#keys.delete(before.id);
    const left = (this.#ofDevice.get(before.device) ?? 0) - 1;
    if (left > 0) this.#ofDevice.set(before.device, left);
    else this.#ofDevice.delete(before.device);
    return this.#standing.delete(key);
  }

  #save(key: string, alert: Alert | undefined, watch: WatchState | undefined): void {
    const nothing = alert === undefined && watch === undefined;
    // A watch goes on changing; what is written is what it was.
    const kept = watch && { ...watch };
    this.#unsaved.set(
      key,
      nothing ? undefined : { key, ...(alert && { alert }), ...(kept && { watch: kept }) },
    );
  }

  /** One write at a time, at the end of the turn: a thousand alerts at once are one. */
  #write(): void {
    this.#saving ??= Promise.resolve()
      .then(() => this.#writeChanges())
      .then((written) => {
        this.#saving = undefined;
        if (written && this.#unsaved.size > 0) this.#writes.soon();
      });
  }

  /** Answers whether what had changed could be written; if not, it is tried again with the next change. */
  async #writeChanges(): Promise<boolean> {
    const changes = this.#unsaved;
    if (changes.size === 0) return true;
    this.#unsaved = new Map();
    try {
      await this.#options.save(changes);
      return true;
    } catch {
      // The alerts themselves are raised all the same.
      this.#unsaved = new Map([...changes, ...this.#unsaved]);
      return false;
    }
  }
}
