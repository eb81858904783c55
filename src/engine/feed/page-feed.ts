import type { Watch } from '../../engine-api/calls.ts';
import type { Frame, SeriesId } from '../../engine-api/frame.ts';
import type { Gap } from '../../engine-api/series.ts';
import { WIRE_VERSION, type NoticedAlert, type Port } from '../../engine-api/wire.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Value } from '../../model/sample.ts';
import type { Clock } from '../time/clock.ts';
import { FloodWatch } from './flood-watch.ts';
import type { FrameSource } from './frame-source.ts';
import { PARTS, type Part } from './part.ts';
import { SampleLog } from './sample-log.ts';

const HIDDEN_PAUSE_MS = 1_000;
/** Values that are not on the screen may lag behind by this much: under a flood most of them are not. */
const OFF_SCREEN_MS = 1_000;
/** And when a device that is not on the screen was last seen, by this much. */
const OFF_SCREEN_SEEN_MS = 5_000;
/** In a flood those on the screen rest for so long: digits that change more often than four times a second cannot be read. */
const FLOOD_REST_MS = 230;
/** And what counts the messages for so long: a frame for each would be one after the other, and all of them the same. */
const FLOOD_COUNTS_MS = 50;
/** Devices can come and go by foreign hands while nobody looks; beyond this a page is told everything afresh. */
const MAX_REMOVED = 20_000;
/** What a hidden page still wants: enough for the title and the badge. */
const HIDDEN_PARTS: readonly Part[] = ['link', 'alerts', 'counters'];

/**
 * What one page has not been told yet. The page holds out one credit; holding it, the feed posts one frame at the end of
 * the turn in which something changed, with everything that changed since the last (design, section 4). In a flood values
 * come four times a second, so that the page draws no more often, and counts twenty times; all else comes as ever, and no
 * sample is left out.
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
  readonly #floodWatch = new FloodWatch();
  #valuesToldAt = -Infinity;
  #cancelRest: (() => void) | undefined;
  #cancelCounts: (() => void) | undefined;
  /** There is more to tell than that a flood goes on. */
  #pressing = false;
  /** A value on the screen is not what it seems any more. */
  #urgent = false;
  #hidden = false;
  /** Told when `onScreen` changed. */
  onWatch: () => void = () => {};
  #samples = new SampleLog();
  #gaps: Gap[] = [];
  // Made once: a function that needs one made costs an object with every call, and these are called for every message.
  readonly #caughtUp = () => {
    if (this.#catchUp !== 'waiting') return;
    this.#catchUp = 'due';
    this.#schedule();
  };
  readonly #countsDue = () => {
    this.#cancelCounts = undefined;
    this.#schedule();
  };
  readonly #turnEnded = () => {
    this.#posting = false;
    this.#post();
  };

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
    if (this.#floodWatch.flood && !this.#pressing) this.#soon();
    else this.#schedule();
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
    if (!this.#shown.has(device)) this.#lag();
    else if (this.#floodWatch.flood) this.#soon();
    else this.#schedule();
  }

  /** Values of the device became old, or were found: nothing may look live for a moment longer. */
  values(device: DeviceKey): void {
    if (!this.#shown.has(device)) this.#catchUp = 'due';
    this.#urgent = true;
    this.#schedule();
  }

  /** The values of one message, one for each series: for charts that are open. */
  samples(series: readonly SeriesId[], at: number, values: ArrayLike<Value>): void {
    if (this.#watchedSeries.size === 0) return;
    for (let i = 0; i < series.length; i++)
      if (this.#watchedSeries.has(series[i]!)) this.#samples.add(series[i]!, at, plotted(values[i]!));
  }

  gap(gap: Gap): void {
    this.#gaps.push(gap);
    this.#schedule();
  }

  raw(key: DeviceKey): void {
    if (this.#watchedDevices.size > 0 && this.#watchedDevices.has(key)) this.#raw.add(key);
  }

  command(id: string): void {
    this.#commands.add(id);
    this.#schedule();
  }

  part(part: Part): void {
    this.#parts.add(part);
    if (part === 'counters' && this.#floodWatch.flood) this.#soon();
    else this.#schedule();
  }

  watch(watch: Watch): void {
    this.#watchedSeries = new Set(watch.series);
    this.#watchedDevices = new Set(watch.devices);
    const before = this.#shown;
    this.#shown = new Set([...watch.devices, ...(watch.shown ?? [])]);
    // What has left the screen may have a value that was not told before that.
    if ([...before].some((key) => !this.#shown.has(key))) this.#lag();
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
    this.#endRest();
    this.#cancelCounts?.();
    this.#cancelCounts = undefined;
  }

  /** Another home: the page starts afresh. */
  reset(): void {
    this.#clearSets(false);
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
    this.#clock.after(OFF_SCREEN_MS, this.#caughtUp);
  }

  /** In a flood: what has changed is what changes with every message. */
  #soon(): void {
    this.#cancelCounts ??= this.#clock.after(FLOOD_COUNTS_MS, this.#countsDue);
  }

  #schedule(): void {
    this.#pressing = true;
    if (this.#posting || this.#cancelPause || this.#credit === 'none') return;
    this.#posting = true;
    queueMicrotask(this.#turnEnded);
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
    this.#pressing = false;
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
    const rests = !offScreen && !this.#urgent && this.#channels.size === 0 && this.#rests();
    const values = rests ? [] : this.#newValues(offScreen);
    this.#takeSeen();
    const frame: Frame = {
      ...(this.#snapshot && { snapshot: true as const }),
      ...(this.#channels.size > 0 && { channels: source.channels(this.#channels) }),
      ...(this.#devices.size > 0 && { devices: source.devices(this.#devices, this.#described) }),
      ...(this.#removed.size > 0 && { removed: [...this.#removed] }),
      ...(values.length > 0 && { values: source.values(values) }),
      ...(values.length > 0 && offScreen && { offScreen: true as const }),
      ...(this.#floodWatch.flood && { flood: true as const }),
      ...(this.#samples.size > 0 && !rests && { samples: this.#samples.take() }),
      ...(this.#gaps.length > 0 && { gaps: this.#gaps }),
      ...(this.#commands.size > 0 && { commands: source.commands(this.#commands) }),
      ...(this.#raw.size > 0 && !rests && { raw: source.raw(this.#raw) }),
      ...this.#partsFrame([...this.#parts]),
    };
    this.#clearSets(rests);
    this.#gaps = [];
    this.#snapshot = false;
    return frame;
  }

  /** Whether the values on the screen wait for a while longer; they come then, whatever else does. */
  #rests(): boolean {
    if (!this.#floodWatch.flood) return false;
    const wait = this.#valuesToldAt + FLOOD_REST_MS - this.#clock.elapsed();
    if (wait <= 0) return false;
    this.#cancelRest ??= this.#clock.after(wait, () => {
      this.#endRest();
      this.#schedule();
    });
    return true;
  }

  #endRest(): void {
    this.#cancelRest?.();
    this.#cancelRest = undefined;
  }

  #newValues(all: boolean): SeriesId[] {
    const onScreen = [...this.#source.changedSince(this.#told, this.#shown)];
    const changed = all ? this.#source.changedSince(this.#toldAll) : onScreen;
    this.#told = this.#source.changes();
    this.#urgent = false;
    this.#valuesToldAt = this.#clock.elapsed();
    this.#floodWatch.told(onScreen, this.#source.received(), this.#valuesToldAt);
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

  #clearSets(rests: boolean): void {
    this.#devices.clear();
    this.#described.clear();
    this.#removed.clear();
    this.#channels.clear();
    this.#commands.clear();
    if (!rests) this.#raw.clear();
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

/** What a chart draws; texts are drawn from history, which knows their labels. */
function plotted(value: Value): number {
  return typeof value === 'string' ? NaN : Number(value);
}
