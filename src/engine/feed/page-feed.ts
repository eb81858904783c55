import type { Watch } from '../../engine-api/calls.ts';
import type { Frame, SeriesId } from '../../engine-api/frame.ts';
import type { Gap } from '../../engine-api/series.ts';
import { WIRE_VERSION, type NoticedAlert, type Port } from '../../engine-api/wire.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Value } from '../../model/sample.ts';
import type { Clock } from '../time/clock.ts';
import { FloodWatch } from './flood-watch.ts';
import type { FrameSource } from './frame-source.ts';
import type { Part } from './part.ts';
import { Untold } from './untold.ts';

const HIDDEN_PAUSE_MS = 1_000;
/** Values that are not on the screen may lag behind by this much: under a flood most of them are not. */
const OFF_SCREEN_MS = 1_000;
/** And when a device that is not on the screen was last seen, by this much. */
const OFF_SCREEN_SEEN_MS = 5_000;
/**
 * In a flood those on the screen rest for so long, and then those of half its devices are told, the others' the next time: a
 * screen full of digits that change more often than twice a second cannot be read, and half of one is soon drawn.
 */
const FLOOD_REST_MS = 230;
/** What counts the messages rests for so long, always: it changes with each, and nobody reads a thousand numbers a second. */
const COUNTS_MS = 50;
/** What a hidden page still wants: enough for the title and the badge. */
const HIDDEN_PARTS: readonly Part[] = ['link', 'alerts', 'counters'];

/**
 * Tells one page what it has not been told yet. The page holds out one credit; holding it, the feed posts one frame at the
 * end of the turn in which something changed, with everything that changed since the last (design, section 4). Counts come
 * twenty times a second, and in a flood values of half a screen four times, so that the page draws no more often; all else
 * comes as ever, and no sample is left out.
 */
export class PageFeed {
  readonly #port: Port;
  readonly #source: FrameSource;
  readonly #clock: Clock;
  readonly #untold: Untold;
  #credit: 'none' | 'visible' | 'hidden' = 'none';
  #hiddenUntil = 0;
  #cancelPause: (() => void) | undefined;
  #posting = false;
  #seenToldAt = -Infinity;
  #catchUp: 'no' | 'waiting' | 'due' = 'no';
  readonly #floodWatch = new FloodWatch();
  #valuesToldAt = -Infinity;
  #cancelRest: (() => void) | undefined;
  #cancelCounts: (() => void) | undefined;
  /** There is more to tell than what may wait for {@link COUNTS_MS}. */
  #pressing = true;
  /** The values on the screen are told at once, flood or not. */
  #urgent = false;
  #hidden = false;
  /** Told when `onScreen` changed. */
  onWatch: () => void = () => {};
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
    this.#untold = new Untold(source);
    this.#clock = clock;
  }

  /** The devices whose values somebody looks at. */
  get onScreen(): ReadonlySet<DeviceKey> {
    return this.#hidden ? new Set() : this.#untold.shown;
  }

  /** The page is ready for one more frame. */
  credit(page: 'visible' | 'hidden'): void {
    this.#credit = page;
    if (this.#hidden !== (page === 'hidden')) {
      this.#hidden = page === 'hidden';
      this.#pressing = true;
      this.onWatch();
    }
    // Somebody looks: the pause of a hidden page is over.
    if (page === 'visible') this.#endPause();
    if (this.#pressing) this.#schedule();
    else this.#soon();
  }

  device(key: DeviceKey): void {
    this.#untold.device(key);
    this.#schedule();
  }

  /** Nothing but when the device was last seen is new. */
  seen(key: DeviceKey): void {
    if (this.#untold.shown.has(key)) this.device(key);
    else this.#untold.seen(key);
  }

  /** What a device says about itself is new. */
  described(key: DeviceKey): void {
    this.#untold.described(key);
    this.#schedule();
  }

  removed(key: DeviceKey): void {
    this.#untold.removed(key);
    this.#schedule();
  }

  channel(series: SeriesId): void {
    this.#untold.channel(series);
    this.#schedule();
  }

  /** The device sent values: told with the next frame when it is on the screen, and soon if not. */
  sampled(device: DeviceKey): void {
    if (!this.#untold.shown.has(device)) this.#lag();
    else if (this.#floodWatch.flood) this.#soon();
    else this.#schedule();
  }

  /** Values of the device became old, or were found: nothing may look live for a moment longer. */
  values(device: DeviceKey): void {
    if (!this.#untold.shown.has(device)) this.#catchUp = 'due';
    this.#urgent = true;
    this.#schedule();
  }

  /** The values of one message, one for each series: for charts that are open. */
  samples(series: readonly SeriesId[], at: number, values: ArrayLike<Value>): void {
    this.#untold.samples(series, at, values);
  }

  gap(gap: Gap): void {
    this.#untold.gap(gap);
    this.#schedule();
  }

  /** The device sent a message; what it was is told with its values. */
  raw(key: DeviceKey): void {
    this.#untold.raw(key);
  }

  command(id: string): void {
    this.#untold.command(id);
    this.#schedule();
  }

  part(part: Part): void {
    this.#untold.part(part);
    if (part === 'counters') this.#soon();
    else this.#schedule();
  }

  watch(watch: Watch): void {
    const before = this.#untold.shown;
    this.#untold.watch(watch);
    // What has left the screen may have a value that was not told before that.
    if ([...before].some((key) => !this.#untold.shown.has(key))) this.#lag();
    this.onWatch();
    // What has come onto the screen shows its newest value at once.
    this.#urgent = true;
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
    this.#untold.reset();
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

  /** What has changed is what changes with every message. */
  #soon(): void {
    this.#cancelCounts ??= this.#clock.after(COUNTS_MS, this.#countsDue);
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
    this.#untold.dropSamples();
    this.#send(this.#untold.parts(HIDDEN_PARTS));
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
    const untold = this.#untold;
    const offScreen = untold.snapshot || this.#catchUp === 'due';
    if (offScreen) this.#catchUp = 'no';
    untold.begin();
    const onScreen = this.#onScreen();
    this.#tellSeen();
    return untold.frame({ onScreen, offScreen, flood: this.#floodWatch.flood });
  }

  /** What is told of the screen now; `undefined` where it rests. */
  #onScreen(): readonly SeriesId[] | undefined {
    const untold = this.#untold;
    const inHalves = !untold.snapshot && !this.#urgent && !untold.hasChannels && this.#floodWatch.flood;
    if (inHalves && this.#rests()) return undefined;
    const { changed, more } = inHalves ? untold.tellHalf() : { changed: untold.tellOnScreen(), more: false };
    this.#urgent = false;
    this.#valuesToldAt = this.#clock.elapsed();
    this.#floodWatch.told(changed, this.#source.received(), this.#valuesToldAt, !more);
    return changed;
  }

  /** Whether the values on the screen wait for a while longer; they come then, whatever else does. */
  #rests(): boolean {
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

  #tellSeen(): void {
    const now = this.#clock.elapsed();
    if (now - this.#seenToldAt < OFF_SCREEN_SEEN_MS) return;
    this.#seenToldAt = now;
    this.#untold.tellSeen();
  }
}
