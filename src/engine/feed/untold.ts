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
  /** The series on the screen whose values it tells; `undefined` where they wait for a later frame, and what shows the same messages with them. */
  readonly onScreen: readonly SeriesId[] | undefined;
  /** Values of devices that are not on the screen, too. */
  readonly offScreen: boolean;
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
  /** And by halves, where it has several. */
  #halves: readonly Half[] = [];
  /** How many changes of values the page has been told of what is not on its screen. */
  #toldOffScreen = 0;
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
    // Whatever comes onto the screen or leaves it is told of all that was untold in either place.
    this.#toldOffScreen = Math.min(this.#toldOffScreen, ...this.#halves.map(({ told }) => told));
    this.#halves = halves([...this.#shown]).map((of) => ({ of, told: this.#toldOffScreen }));
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
    // To ask costs less than to add, and the counters change with every message.
    if (!this.#parts.has(part)) this.#parts.add(part);
  }

  /** Everything is, from now on. */
  reset(): void {
    this.#clear(false);
    this.#samples.clear();
    for (const half of this.#halves) half.told = 0;
    this.#toldOffScreen = 0;
    this.#seen.clear();
    this.#snapshot = true;
  }

  /** The series on the screen with a value that the page does not know. They count as told. */
  tellOnScreen(): SeriesId[] {
    return this.#halves.flatMap((half) => this.#tell(half));
  }

  /** The same of the half that waits for longest, and whether the other one is told less far now. */
  tellHalf(): { readonly changed: readonly SeriesId[]; readonly more: boolean } {
    const [first, second] = this.#halves;
    if (!first) return { changed: [], more: false };
    const isSecond = second !== undefined && second.told < first.told;
    return { changed: this.#tell(isSecond ? second : first), more: second !== undefined && !isSecond };
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

  /** The frame that tells it. */
  frame({ onScreen, offScreen, flood }: Telling): Frame {
    const source = this.#source;
    const rests = onScreen === undefined;
    // A channel that the page does not know yet comes with its value.
    const told = [...this.#channels, ...(onScreen ?? []), ...(offScreen ? this.#tellOffScreen() : [])];
    const values = [...new Set(told)];
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

  #tell(half: Half): SeriesId[] {
    const changed = [...this.#source.changedSince(half.told, half.of)];
    half.told = this.#source.changes();
    return changed;
  }

  #tellOffScreen(): SeriesId[] {
    const offScreen = [...this.#source.deviceKeys()].filter((key) => !this.#shown.has(key));
    const changed = [...this.#source.changedSince(this.#toldOffScreen, offScreen)];
    this.#toldOffScreen = this.#source.changes();
    return changed;
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

/** Some devices on the screen, and how many changes of values the page has been told of them. */
interface Half {
  readonly of: ReadonlySet<DeviceKey>;
  told: number;
}

/** The upper and the lower half of a screen, as it is listed; all of it where there is nothing to halve. */
function halves(devices: readonly DeviceKey[]): ReadonlySet<DeviceKey>[] {
  const middle = Math.ceil(devices.length / 2);
  return [devices.slice(0, middle), devices.slice(middle)]
    .filter((half) => half.length > 0)
    .map((half) => new Set(half));
}

/** What a chart draws; texts are drawn from history, which knows their labels. */
function plotted(value: Value): number {
  return typeof value === 'string' ? NaN : Number(value);
}
