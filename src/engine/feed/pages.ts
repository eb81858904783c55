import type { SeriesId } from '../../engine-api/frame.ts';
import type { Gap } from '../../engine-api/series.ts';
import type { NoticedAlert } from '../../engine-api/wire.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { Marks } from '../live/live-state.ts';
import type { PageFeed } from './page-feed.ts';
import type { Part } from './part.ts';

/** All the pages that are shown what happens: each keeps its own account of what it has not been told. */
export class Pages implements Marks {
  /** A list, since it is gone through for every sample. */
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
    for (const feed of this.#feeds) feed.seen(key);
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
    for (const feed of this.#feeds) feed.sampled(device);
  }

  values(device: DeviceKey): void {
    for (const feed of this.#feeds) feed.values(device);
  }

  sample(series: SeriesId, at: number, value: number): void {
    for (const feed of this.#feeds) feed.sample(series, at, value);
  }

  gap(gap: Gap): void {
    for (const feed of this.#feeds) feed.gap(gap);
  }

  raw(key: DeviceKey): void {
    for (const feed of this.#feeds) feed.raw(key);
  }

  command(id: string): void {
    for (const feed of this.#feeds) feed.command(id);
  }

  part(part: Part): void {
    for (const feed of this.#feeds) feed.part(part);
  }

  reset(): void {
    for (const feed of this.#feeds) feed.reset();
  }

  notice(text: string, alert: NoticedAlert): void {
    for (const feed of this.#feeds) feed.notice(text, alert);
  }
}
