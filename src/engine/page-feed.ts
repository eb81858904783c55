import type { Watch } from '../engine-api/calls.ts';
import type { Frame, SeriesId } from '../engine-api/frame.ts';
import type { Gap } from '../engine-api/series.ts';
import { WIRE_VERSION, type NoticedAlert, type Port } from '../engine-api/wire.ts';
import type { DeviceKey } from '../model/device.ts';
import type { Clock } from './clock.ts';
import type { FrameSource } from './frame-source.ts';
import { SampleLog } from './sample-log.ts';

/** Parts of the state that cross as a whole when anything in them changed. */
export type Part =
  'link' | 'storage' | 'alerts' | 'rules' | 'subscriptions' | 'problems' | 'counters' | 'policy';

const HIDDEN_PAUSE_MS = 1_000;
/** Values that are not on the screen may lag behind by this much: under a flood most of them are not. */
const OFF_SCREEN_MS = 1_000;
/** And when a device that is not on the screen was last seen, by this much. */
const OFF_SCREEN_SEEN_MS = 5_000;
/** Devices can come and go by foreign hands while nobody looks; beyond this a page is told everything afresh. */
const MAX_REMOVED = 20_000;
/** What a hidden page still wants: enough for the title and the badge. */
const HIDDEN_PARTS: readonly Part[] = ['link', 'alerts', 'counters'];

/**
 * What one page has not been told yet. The page holds out one credit; holding it, the feed posts one frame at the end of
 * the turn in which something changed, with everything that changed since the last (design, section 4).
 */
export class PageFeed {
  readonly #port: Port;
  readonly #source: FrameSource;
  readonly #clock: Clock;
  #credit: 'none' | 'visible' | 'hidden' = 'none';
  #hiddenUntil = 0;
  #cancelPause: (() => void) | undefined;
  #posting = false;
  #snapshot = true;
  #devices = new Set<DeviceKey>();
  #described = new Set<DeviceKey>();
  /** Were seen, off the screen. */
  #seen = new Set<DeviceKey>();
  #seenToldAt = -Infinity;
  #removed = new Set<DeviceKey>();
  #channels = new Set<SeriesId>();
  #commands = new Set<string>();
  #raw = new Set<DeviceKey>();
  #parts = new Set<Part>();
  #watchedSeries = new Set<SeriesId>();
  #watchedDevices = new Set<DeviceKey>();
  /** The devices on the screen. */
  #shown: ReadonlySet<DeviceKey> = new Set();
  /** How many changes of values the page has been told of: of what is on its screen, and of all. */
  #told = 0;
  #toldAll = 0;
  #catchUp: 'no' | 'waiting' | 'due' = 'no';
  #hidden = false;
  /** Told when `onScreen` changed. */
  onWatch: () => void = () => {};
  #samples = new SampleLog();
  #gaps: Gap[] = [];

  constructor(port: Port, source: FrameSource, clock: Clock) {
    this.#port = port;
    this.#source = source;
    this.#clock = clock;
  }

  /** The devices whose values somebody looks at. */
  get onScreen(): ReadonlySet<DeviceKey> {
    return this.#hidden ? new Set() : this.#shown;
  }

  /** The page is ready for one more frame. */
  credit(page: 'visible' | 'hidden'): void {
    this.#credit = page;
    if (this.#hidden !== (page === 'hidden')) {
      this.#hidden = page === 'hidden';
      this.onWatch();
    }
    // Somebody looks: the pause of a hidden page is over.
    if (page === 'visible') this.#endPause();
    this.#schedule();
  }

  device(key: DeviceKey): void {
    this.#removed.delete(key);
    this.#devices.add(key);
    this.#schedule();
  }

  /** Nothing but when the device was last seen is new. */
  seen(key: DeviceKey): void {
    if (this.#shown.has(key)) this.device(key);
    else this.#seen.add(key);
  }

  /** What a device says about itself is new. */
  described(key: DeviceKey): void {
    this.#described.add(key);
    this.device(key);
  }

  removed(key: DeviceKey): void {
    this.#devices.delete(key);
    this.#seen.delete(key);
    this.#removed.add(key);
    if (this.#removed.size > MAX_REMOVED) this.reset();
    else this.#schedule();
  }

  channel(series: SeriesId): void {
    this.#channels.add(series);
    this.#schedule();
  }

  /** The device sent values: told with the next frame when it is on the screen, and soon if not. */
  sampled(device: DeviceKey): void {
    if (this.#shown.has(device)) this.#schedule();
    else this.#lag();
  }

  /** Values of the device became old, or were found: nothing may look live for a moment longer. */
  values(device: DeviceKey): void {
    if (!this.#shown.has(device)) this.#catchUp = 'due';
    this.#schedule();
  }

  /** One sample, for charts that are open. */
  sample(series: SeriesId, at: number, value: number): void {
    if (this.#watchedSeries.size > 0 && this.#watchedSeries.has(series)) this.#samples.add(series, at, value);
  }

  gap(gap: Gap): void {
    this.#gaps.push(gap);
    this.#schedule();
  }

  raw(key: DeviceKey): void {
    if (this.#watchedDevices.has(key)) this.#raw.add(key);
  }

  command(id: string): void {
    this.#commands.add(id);
    this.#schedule();
  }

  part(part: Part): void {
    this.#parts.add(part);
    this.#schedule();
  }

  watch(watch: Watch): void {
    this.#watchedSeries = new Set(watch.series);
    this.#watchedDevices = new Set(watch.devices);
    this.#shown = new Set([...watch.devices, ...(watch.shown ?? [])]);
    this.onWatch();
    for (const key of watch.devices) this.#raw.add(key);
    // What has come onto the screen shows its newest value at once.
    if (this.#catchUp === 'waiting') this.#catchUp = 'due';
    this.#seenToldAt = -Infinity;
    this.#schedule();
  }

  /** Posts nothing more. */
  stop(): void {
    this.#credit = 'none';
    this.#endPause();
  }

  /** Another home: the page starts afresh. */
  reset(): void {
    this.#clearSets();
    this.#samples.clear();
    this.#gaps = [];
    this.#told = this.#toldAll = 0;
    this.#seen.clear();
    this.#snapshot = true;
    this.#schedule();
  }

  /** An alert began: the one thing that does not wait for a credit. */
  notice(text: string, alert: NoticedAlert): void {
    this.#port.post({ type: 'notice', v: WIRE_VERSION, text, alert }, []);
  }

  /** A value that is not on the screen has changed. */
  #lag(): void {
    if (this.#catchUp !== 'no') return;
    this.#catchUp = 'waiting';
    this.#clock.after(OFF_SCREEN_MS, () => {
      if (this.#catchUp !== 'waiting') return;
      this.#catchUp = 'due';
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#posting || this.#cancelPause || this.#credit === 'none') return;
    this.#posting = true;
    queueMicrotask(() => {
      this.#posting = false;
      this.#post();
    });
  }

  #post(): void {
    if (this.#credit === 'visible') this.#send(this.#full());
    else if (this.#credit === 'hidden') this.#sendHidden();
  }

  #sendHidden(): void {
    const wait = this.#hiddenUntil - this.#clock.now();
    if (wait > 0) {
      this.#cancelPause = this.#clock.after(wait, () => {
        this.#endPause();
        this.#post();
      });
      return;
    }
    this.#hiddenUntil = this.#clock.now() + HIDDEN_PAUSE_MS;
    // A hidden page draws nothing: a chart asks for its range again when it is seen.
    this.#samples.clear();
    this.#send(this.#partsFrame(HIDDEN_PARTS.filter((part) => this.#parts.has(part))));
  }

  #endPause(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
  }

  #send(frame: Frame): void {
    if (Object.keys(frame).length === 0) return;
    this.#credit = 'none';
    const columns = [frame.values, frame.samples].flatMap((c) => (c ? Object.values(c) : []));
    const transfer = columns.filter(ArrayBuffer.isView).map((column) => column.buffer);
    this.#port.post({ type: 'frame', v: WIRE_VERSION, frame }, transfer);
  }

  #full(): Frame {
    const source = this.#source;
    if (this.#snapshot) {
      for (const key of source.deviceKeys()) this.described(key);
      for (const series of source.allSeries()) this.#channels.add(series);
      for (const id of source.commandIds()) this.#commands.add(id);
      for (const key of this.#watchedDevices) this.#raw.add(key);
      for (const part of PARTS) this.#parts.add(part);
    }
    const offScreen = this.#snapshot || this.#catchUp === 'due';
    const values = this.#newValues(offScreen);
    this.#takeSeen();
    const frame: Frame = {
      ...(this.#snapshot && { snapshot: true as const }),
      ...(this.#channels.size > 0 && { channels: source.channels(this.#channels) }),
      ...(this.#devices.size > 0 && { devices: source.devices(this.#devices, this.#described) }),
      ...(this.#removed.size > 0 && { removed: [...this.#removed] }),
      ...(values.length > 0 && { values: source.values(values) }),
      ...(values.length > 0 && offScreen && { offScreen: true as const }),
      ...(this.#samples.size > 0 && { samples: this.#samples.take() }),
      ...(this.#gaps.length > 0 && { gaps: this.#gaps }),
      ...(this.#commands.size > 0 && { commands: source.commands(this.#commands) }),
      ...(this.#raw.size > 0 && { raw: source.raw(this.#raw) }),
      ...this.#partsFrame([...this.#parts]),
    };
    this.#clearSets();
    this.#gaps = [];
    this.#snapshot = false;
    return frame;
  }

  #newValues(all: boolean): SeriesId[] {
    const changed = all
      ? this.#source.changedSince(this.#toldAll)
      : this.#source.changedSince(this.#told, this.#shown);
    this.#told = this.#source.changes();
    if (all) {
      this.#toldAll = this.#told;
      this.#catchUp = 'no';
    }
    // A channel that the page does not know yet comes with its value.
    return [...new Set([...this.#channels, ...changed])];
  }

  #takeSeen(): void {
    const now = this.#clock.elapsed();
    if (now - this.#seenToldAt < OFF_SCREEN_SEEN_MS) return;
    this.#seenToldAt = now;
    for (const key of this.#seen) this.#devices.add(key);
    this.#seen.clear();
  }

  #clearSets(): void {
    this.#devices.clear();
    this.#described.clear();
    this.#removed.clear();
    this.#channels.clear();
    this.#commands.clear();
    this.#raw.clear();
  }

  #partsFrame(parts: readonly Part[]): Frame {
    const frame: { -readonly [Key in keyof Frame]: Frame[Key] } = {};
    for (const part of parts) {
      this.#parts.delete(part);
      Object.assign(frame, { [part]: this.#source.part(part) });
    }
    return frame;
  }
}

const PARTS: readonly Part[] = [
  'link',
  'storage',
  'alerts',
  'rules',
  'subscriptions',
  'problems',
  'counters',
  'policy',
];
