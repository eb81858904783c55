import { queuesWhileAway, type LinkSettings } from '../../model/link-settings.ts';
import type { TopicNotes, WantedFilter } from '../../model/convention.ts';
import { conventionOf, nativeId, type DeviceKey } from '../../model/device.ts';
import { matches } from '../../model/topic.ts';
import type { Clock } from '../time/clock.ts';
import type { Reader } from '../reading/reader.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Whoever goes from one page to the next and back keeps what is subscribed. */
const LINGER_MS = 5_000;

export interface TelemetrySubscriptionsOptions {
  readonly clock: Clock;
  readonly subscriptions: Subscriptions;
  /** By the name of their convention. */
  readonly readers: ReadonlyMap<string, Reader>;
  readonly settings: LinkSettings;
}

/**
 * Whose telemetry is subscribed: everybody's, or that of the devices on a screen. A convention that cannot say which filters
 * one device needs keeps its wildcards.
 */
export class TelemetrySubscriptions {
  readonly #options: TelemetrySubscriptionsOptions;
  /** What the conventions ask for from the start, where it can be narrowed. */
  readonly #wide: readonly WantedFilter[];
  readonly #watched = new Map<DeviceKey, { readonly filters: readonly string[]; readonly since: number }>();
  readonly #leaving = new Map<DeviceKey, () => void>();
  #settings: LinkSettings;
  #viewed: ReadonlySet<string> = new Set();
  /** What is noted of a topic: one or the other, and other objects when something else is viewed. */
  #noted = { viewed: {}, unseen: {} };

  constructor(options: TelemetrySubscriptionsOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#wide = [...options.readers.values()]
      .filter(({ session }) => session.telemetryOf !== undefined)
      .flatMap(({ session }) => session.filters().filter(({ carries }) => carries === 'telemetry'));
    this.#apply();
  }

  /** Takes other settings up. */
  change(settings: LinkSettings): void {
    this.#settings = settings;
    this.#apply();
  }

  /** The devices that are on a screen now, all of them. */
  watch(devices: ReadonlySet<DeviceKey>): void {
    for (const device of devices) {
      this.#leaving.get(device)?.();
      this.#leaving.delete(device);
      if (this.#watched.has(device)) continue;
      const filters = this.#filtersOf(device);
      const since = this.#options.clock.now();
      this.#watched.set(device, { filters: filters.map(({ filter }) => filter), since });
      if (this.#settings.record === 'viewed') this.#options.subscriptions.want(filters);
    }
    this.#noteViewed();
    for (const device of this.#watched.keys()) {
      if (devices.has(device) || this.#leaving.has(device)) continue;
      this.#leaving.set(
        device,
        this.#options.clock.after(LINGER_MS, () => this.#left(device)),
      );
    }
  }

  /** Since when the telemetry of a device is asked for, epoch ms; `undefined` while it is not, and its silence says nothing. */
  listensSince(device: DeviceKey): number | undefined {
    if (this.#settings.record === 'everything' || this.#filtersOf(device).length === 0) return 0;
    return this.#watched.get(device)?.since;
  }

  /** Whether a message on this topic would come if only what is on a screen were subscribed. */
  isViewed(topic: string, notes?: TopicNotes): boolean {
    const { viewed, unseen } = this.#noted;
    if (notes?.viewed === viewed) return true;
    if (notes?.viewed === unseen) return false;
    const isViewed = this.#viewed.has(topic) || !this.#wide.some(({ filter }) => matches(filter, topic));
    if (notes) notes.viewed = isViewed ? viewed : unseen;
    return isViewed;
  }

  /** Nothing is unsubscribed any more. */
  stop(): void {
    for (const cancel of this.#leaving.values()) cancel();
    this.#leaving.clear();
  }

  #left(device: DeviceKey): void {
    this.#leaving.delete(device);
    const filters = this.#watched.get(device)?.filters ?? [];
    this.#watched.delete(device);
    this.#noteViewed();
    if (this.#settings.record === 'viewed') this.#options.subscriptions.drop(filters);
  }

  #apply(): void {
    const { subscriptions } = this.#options;
    const wide = this.#wide.map(({ filter }) => filter);
    const watched = [...this.#watched.keys()];
    if (this.#settings.record === 'viewed') {
      subscriptions.drop(wide);
      subscriptions.want(watched.flatMap((device) => this.#filtersOf(device)));
      return;
    }
    subscriptions.drop(watched.flatMap((device) => this.#watched.get(device)?.filters ?? []));
    // The broker keeps nothing at QoS 0.
    const qos = queuesWhileAway(this.#settings) ? 1 : undefined;
    subscriptions.want(this.#wide.map((wanted) => (qos ? { ...wanted, qos } : wanted)));
  }

  #noteViewed(): void {
    this.#viewed = new Set([...this.#watched.values()].flatMap(({ filters }) => filters));
    this.#noted = { viewed: {}, unseen: {} };
  }

  #filtersOf(device: DeviceKey): readonly WantedFilter[] {
    const reader = this.#options.readers.get(conventionOf(device));
    return reader?.session.telemetryOf?.(nativeId(device)) ?? [];
  }
}
