import type { SeriesId } from '../../engine-api/frame.ts';
import type { Gap } from '../../engine-api/series.ts';
import type { NoticedAlert } from '../../engine-api/wire.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Value } from '../../model/sample.ts';
import type { Marks } from '../live/live-state.ts';
import type { PageFeed } from './page-feed.ts';
import type { Part } from './part.ts';

/** All the pages that are shown what happens: each keeps its own account of what it has not been told. */
export class Pages implements Marks {
  /** A list, and gone through by number where every message passes: an iterator would be an object for each. */
  #feeds: readonly PageFeed[] = [];
  /** Told when `onScreen` changed. */
  onWatch: () => void = () => {};

  add(feed: PageFeed): void {
    this.#feeds = [...this.#feeds, feed];
    feed.onWatch = () => this.onWatch();
  }

  delete(feed: PageFeed): void {
    this.#feeds = this.#feeds.filter((other) => other !== feed);
    this.onWatch();
  }

  /** The devices whose values somebody looks at, on any page. */
  onScreen(): ReadonlySet<DeviceKey> {
    return new Set(this.#feeds.flatMap((feed) => [...feed.onScreen]));
  }

  device(key: DeviceKey): void {
    for (const feed of this.#feeds) feed.device(key);
  }

  seen(key: DeviceKey): void {
    for (let i = 0; i < this.#feeds.length; i++) this.#feeds[i]!.seen(key);
  }

  described(key: DeviceKey): void {
    for (const feed of this.#feeds) feed.described(key);
  }

  removed(key: DeviceKey): void {
    for (const feed of this.#feeds) feed.removed(key);
  }

  channel(series: SeriesId): void {
    for (const feed of this.#feeds) feed.channel(series);
  }

  sampled(device: DeviceKey): void {
    for (let i = 0; i < this.#feeds.length; i++) this.#feeds[i]!.sampled(device);
  }

  values(device: DeviceKey): void {
    for (const feed of this.#feeds) feed.values(device);
  }

  samples(series: readonly SeriesId[], at: number, values: ArrayLike<Value>): void {
    for (let i = 0; i < this.#feeds.length; i++) this.#feeds[i]!.samples(series, at, values);
  }

  gap(gap: Gap): void {
    for (const feed of this.#feeds) feed.gap(gap);
  }

  raw(key: DeviceKey): void {
    for (let i = 0; i < this.#feeds.length; i++) this.#feeds[i]!.raw(key);
  }

  command(id: string): void {
    for (const feed of this.#feeds) feed.command(id);
  }

  part(part: Part): void {
    for (let i = 0; i < this.#feeds.length; i++) this.#feeds[i]!.part(part);
  }

  reset(): void {
    for (const feed of this.#feeds) feed.reset();
  }

  notice(text: string, alert: NoticedAlert): void {
    for (const feed of this.#feeds) feed.notice(text, alert);
  }
}
