import type { Watch } from '../../engine-api/calls.ts';
import type { Frame, SeriesId } from '../../engine-api/frame.ts';
import type { Gap } from '../../engine-api/series.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Value } from '../../model/sample.ts';
import type { FrameSource } from './frame-source.ts';
import { PARTS, type Part } from './part.ts';
import { SampleLog } from './sample-log.ts';

/** Devices can come and go by foreign hands while nobody looks; beyond this a page is told everything afresh. */
const MAX_REMOVED = 20_000;

/** How much of what is untold a frame tells. */
export interface Telling {
  /** Values of devices that are not on the screen, too. */
  readonly offScreen: boolean;
  /** The values on the screen wait for a later frame, and what shows the same messages with them. */
  readonly rests: boolean;
  readonly flood: boolean;
}

/** What one page has not been told yet, and the frame that tells it. {@link PageFeed} says when. */
export class Untold {
  readonly #source: FrameSource;
  readonly #devices = new Set<DeviceKey>();
  readonly #described = new Set<DeviceKey>();
  /** Were seen, off the screen. */
  readonly #seen = new Set<DeviceKey>();
  readonly #removed = new Set<DeviceKey>();
  readonly #channels = new Set<SeriesId>();
  readonly #commands = new Set<string>();
  readonly #raw = new Set<DeviceKey>();
  readonly #parts = new Set<Part>();
  readonly #samples = new SampleLog();
  #gaps: Gap[] = [];
  #watchedSeries: ReadonlySet<SeriesId> = new Set();
  #watchedDevices: ReadonlySet<DeviceKey> = new Set();
  /** The devices on the screen. */
  #shown: ReadonlySet<DeviceKey> = new Set();
  /** How many changes of values the page has been told of: of what is on its screen, and of all. */
  #told = 0;
  #toldAll = 0;
  #snapshot = true;

  constructor(source: FrameSource) {
    this.#source = source;
  }

  /** The page starts afresh with the next frame. */
  get snapshot(): boolean {
    return this.#snapshot;
  }

  /** The page does not know all channels. */
  get hasChannels(): boolean {
    return this.#channels.size > 0;
  }

  get shown(): ReadonlySet<DeviceKey> {
    return this.#shown;
  }

  watch({ series, devices, shown = [] }: Watch): void {
    this.#watchedSeries = new Set(series);
    this.#watchedDevices = new Set(devices);
    this.#shown = new Set([...devices, ...shown]);
    for (const key of devices) this.#raw.add(key);
  }

  device(key: DeviceKey): void {
    this.#removed.delete(key);
    this.#devices.add(key);
  }

  /** Off the screen. */
  seen(key: DeviceKey): void {
    this.#seen.add(key);
  }

  /** Those that were seen off the screen are told with the next frame. */
  tellSeen(): void {
    for (const key of this.#seen) this.#devices.add(key);
    this.#seen.clear();
  }

  described(key: DeviceKey): void {
    this.#described.add(key);
    this.device(key);
  }

  removed(key: DeviceKey): void {
    this.#devices.delete(key);
    this.#seen.delete(key);
    this.#removed.add(key);
    if (this.#removed.size > MAX_REMOVED) this.reset();
  }

  channel(series: SeriesId): void {
    this.#channels.add(series);
  }

  /** The values of one message, one for each series: for charts that are open. */
  samples(series: readonly SeriesId[], at: number, values: ArrayLike<Value>): void {
    if (this.#watchedSeries.size === 0) return;
    for (let i = 0; i < series.length; i++)
      if (this.#watchedSeries.has(series[i]!)) this.#samples.add(series[i]!, at, plotted(values[i]!));
  }

  /** A page that draws nothing asks for its ranges again. */
  dropSamples(): void {
    this.#samples.clear();
  }

  gap(gap: Gap): void {
    this.#gaps.push(gap);
  }

  raw(key: DeviceKey): void {
    if (this.#watchedDevices.size > 0 && this.#watchedDevices.has(key)) this.#raw.add(key);
  }

  command(id: string): void {
    this.#commands.add(id);
  }

  part(part: Part): void {
    this.#parts.add(part);
  }

  /** Everything is, from now on. */
  reset(): void {
    this.#clear(false);
    this.#samples.clear();
    this.#told = this.#toldAll = 0;
    this.#seen.clear();
    this.#snapshot = true;
  }

  /** The series on the screen with a value that the page does not know. */
  onScreen(): readonly SeriesId[] {
    return [...this.#source.changedSince(this.#told, this.#shown)];
  }

  /** Tells all that there is, if the page starts afresh. */
  begin(): void {
    if (!this.#snapshot) return;
    const source = this.#source;
    for (const key of source.deviceKeys()) this.described(key);
    for (const series of source.allSeries()) this.#channels.add(series);
    for (const id of source.commandIds()) this.#commands.add(id);
    for (const key of this.#watchedDevices) this.#raw.add(key);
    for (const part of PARTS) this.#parts.add(part);
  }

  /** The frame that tells it; `onScreen` are the series of {@link onScreen}, where they do not rest. */
  frame({ offScreen, rests, flood }: Telling, onScreen: readonly SeriesId[]): Frame {
    const source = this.#source;
    const values = rests ? [] : this.#newValues(offScreen, onScreen);
    const frame: Frame = {
      ...(this.#snapshot && { snapshot: true as const }),
      ...(this.#channels.size > 0 && { channels: source.channels(this.#channels) }),
      ...(this.#devices.size > 0 && { devices: source.devices(this.#devices, this.#described) }),
      ...(this.#removed.size > 0 && { removed: [...this.#removed] }),
      ...(values.length > 0 && { values: source.values(values) }),
      ...(values.length > 0 && offScreen && { offScreen: true as const }),
      ...(flood && { flood: true as const }),
      ...(this.#samples.size > 0 && !rests && { samples: this.#samples.take() }),
      ...(this.#gaps.length > 0 && { gaps: this.#gaps }),
      ...(this.#commands.size > 0 && { commands: source.commands(this.#commands) }),
      ...(this.#raw.size > 0 && !rests && { raw: source.raw(this.#raw) }),
      ...this.parts([...this.#parts]),
    };
    this.#clear(rests);
    this.#snapshot = false;
    return frame;
  }

  /** Those of some parts that are untold. */
  parts(parts: readonly Part[]): Frame {
    const frame: { -readonly [Key in keyof Frame]: Frame[Key] } = {};
    for (const part of parts) {
      if (this.#parts.delete(part)) Object.assign(frame, { [part]: this.#source.part(part) });
    }
    return frame;
  }

  #newValues(all: boolean, onScreen: readonly SeriesId[]): SeriesId[] {
    const changed = all ? this.#source.changedSince(this.#toldAll) : onScreen;
    this.#told = this.#source.changes();
    if (all) this.#toldAll = this.#told;
    // A channel that the page does not know yet comes with its value.
    return [...new Set([...this.#channels, ...changed])];
  }

  #clear(rests: boolean): void {
    this.#devices.clear();
    this.#described.clear();
    this.#removed.clear();
    this.#channels.clear();
    this.#commands.clear();
    this.#gaps = [];
    if (!rests) this.#raw.clear();
  }
}

/** What a chart draws; texts are drawn from history, which knows their labels. */
function plotted(value: Value): number {
  return typeof value === 'string' ? NaN : Number(value);
}
