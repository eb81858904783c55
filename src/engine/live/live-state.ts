import type { SeriesId } from '../../engine-api/frame.ts';
import type { ChannelDescription, DeviceDescription, DeviceKey, DeviceStatus } from '../../model/device.ts';
import type { Value } from '../../model/sample.ts';
import { ChannelSlots } from './channel-slots.ts';
import { ChannelState, DeviceState, type ReadDescription } from './device-state.ts';

/** Anybody may publish under any id that the ACL lets through: memory must not follow without bound. */
const MAX_DEVICES = 20_000;
const MAX_CHANNELS_PER_DEVICE = 256;
/** `lastSeen` is shown in seconds: a row for each message would be waste. */
const LAST_SEEN_STEP_MS = 1_000;

/** Who is told what changed. */
export interface Marks {
  device(key: DeviceKey): void;
  /** Nothing but when the device was last seen is new. */
  seen(key: DeviceKey): void;
  /** What a device says about itself is new. */
  described(key: DeviceKey): void;
  /** A channel is new or is described anew. */
  channel(series: SeriesId): void;
  /** Channels of the device have another source, or a value that was not just received: told at once. */
  values(device: DeviceKey): void;
  removed(key: DeviceKey): void;
}

/** What is known of every device right now. Changes are marked; nothing here waits or does I/O. */
export class LiveState {
  readonly devices = new Map<DeviceKey, DeviceState>();
  /** By series id. */
  readonly channels = new Map<SeriesId, ChannelState>();
  /** How often the value, time or source of any channel has changed; each channel knows the number of its last change. */
  changes = 0;
  #marks: Marks;
  readonly #slots = new ChannelSlots();
  #linkLive = false;
  #liveSince = 0;
  /** Since when the telemetry of a device is asked for, epoch ms; `undefined` while it is not. */
  listensSince: (device: DeviceKey) => number | undefined = () => 0;

  /** What this browser says of a device in place of what is published. */
  localOf: (device: DeviceKey) => ReadDescription | undefined = () => undefined;

  constructor(marks: Marks) {
    this.#marks = marks;
  }

  /** The device of a key, made when it is new; `undefined` when there are too many. */
  device(key: DeviceKey): DeviceState | undefined {
    const known = this.devices.get(key);
    if (known) return known;
    if (this.devices.size >= MAX_DEVICES) return undefined;
    const device = new DeviceState(key);
    device.local = this.localOf(key);
    this.devices.set(key, device);
    this.#marks.described(key);
    return device;
  }

  /** The channel of a device, made with `allot`'s id when it is new; `undefined` when the device has too many. */
  channel(device: DeviceState, name: string, allot: () => SeriesId): ChannelState | undefined {
    const known = device.channels.get(name);
    if (known) return known;
    if (device.channels.size >= MAX_CHANNELS_PER_DEVICE) return undefined;
    const channel = new ChannelState(allot(), device, name, this.#slots.take());
    device.channels.set(name, channel);
    this.channels.set(channel.series, channel);
    this.#marks.channel(channel.series);
    this.#marks.device(device.key);
    return channel;
  }

  /** A value that was just received. Whoever takes in a message marks the device, once for all its channels. */
  sampled(channel: ChannelState, value: Value, at: number): void {
    this.#remark(channel, value);
    channel.value = value;
    channel.at = at;
    channel.source = 'live';
    channel.staleness.push(at);
    channel.change = ++this.changes;
  }

  /** A value from the broker's retained copy: shown, with the device's own time where it has one, and never as live. */
  retained(channel: ChannelState, value: Value, at: number | undefined): void {
    if (channel.source === 'live') return;
    this.#remark(channel, value);
    channel.value = value;
    channel.at = at ?? NaN;
    channel.source = 'retained';
    this.#changed(channel);
  }

  /** A value that this browser's history remembers. */
  remembered(channel: ChannelState, value: Value, at: number): void {
    channel.value = value;
    channel.at = at;
    channel.source = 'history';
    this.#marks.channel(channel.series);
    this.#changed(channel);
  }

  /** Gives everything that was remembered its status to show. */
  settle(now: number): void {
    for (const device of this.devices.values()) this.#show(device, now);
  }

  /** Something live came from the device at `at`. Answers whether its row is another now. */
  heard(device: DeviceState, at: number): boolean {
    device.lastSeen = at;
    // The computer's clock can be set back as well.
    const told = Math.abs(at - device.lastSeenTold) < LAST_SEEN_STEP_MS;
    if (told && device.confirmed && device.shown !== 'stale') return false;
    const isFirst = !device.confirmed || Number.isNaN(device.lastSeenTold);
    device.confirmed = true;
    device.lastSeenTold = at;
    if (this.#show(device, at) || isFirst) this.#marks.device(device.key);
    else this.#marks.seen(device.key);
    return true;
  }

  /** The device's status, or its last will; `null` when it was cleared. A retained copy says what, not since when. */
  status(device: DeviceState, online: boolean | null, at: number, retain: boolean): void {
    const next = online === null ? 'unknown' : online ? 'online' : 'offline';
    const changed = device.online !== next;
    if (changed) device.statusSince = retain ? undefined : at;
    device.online = next;
    device.confirmed = true;
    if (!retain && online) device.lastSeen = at;
    if (online === false) this.#age(device);
    this.#show(device, at);
    this.#marks.device(device.key);
  }

  describe(device: DeviceState, description: DeviceDescription | null): void {
    device.published = description ?? undefined;
    this.redescribed(device);
  }

  /** What is shown of a device is another now. */
  redescribed(device: DeviceState): void {
    for (const channel of device.channels.values()) this.#marks.channel(channel.series);
    this.#marks.described(device.key);
  }

  /** Part of a description; answers whether there was room for it. */
  learn(device: DeviceState, channel: string, description: ChannelDescription): boolean {
    if (device.learned.size >= MAX_CHANNELS_PER_DEVICE && !device.learned.has(channel)) return false;
    device.learned.set(channel, description);
    const known = device.channels.get(channel);
    if (known) this.#marks.channel(known.series);
    this.#marks.device(device.key);
    return true;
  }

  forget(key: DeviceKey): void {
    const device = this.devices.get(key);
    if (!device) return;
    for (const channel of device.channels.values()) {
      this.channels.delete(channel.series);
      this.#slots.giveBack(channel.slot);
    }
    this.devices.delete(key);
    device.forgotten = true;
    this.#marks.removed(key);
  }

  /** Nothing is live without a link. A link that was only silent for a while has lost nothing. */
  link(live: boolean, now: number): void {
    if (live === this.#linkLive) return;
    this.#linkLive = live;
    this.#liveSince = now;
    for (const device of this.devices.values()) {
      if (!live) this.#age(device);
      if (this.#show(device, now)) this.#marks.device(device.key);
    }
  }

  /** The session is over: what was said on it holds only when the next one says it again. */
  unconfirm(): void {
    for (const device of this.devices.values()) device.confirmed = false;
  }

  /** Finds what has become stale since the last sweep. Once a second is enough. */
  sweep(now: number): void {
    for (const device of this.devices.values()) {
      for (const channel of device.channels.values()) {
        if (channel.source === 'live' && channel.staleness.isStale(now - channel.at, device.interval))
          this.#makeStale(channel);
      }
      if (this.#show(device, now)) this.#marks.device(device.key);
    }
  }

  /** The first value and one of another type are described anew: the kind may follow from the value. */
  #remark(channel: ChannelState, next: Value): void {
    if (!channel.isOfKind(next)) this.#marks.channel(channel.series);
  }

  #age(device: DeviceState): void {
    for (const channel of device.channels.values()) if (channel.source === 'live') this.#makeStale(channel);
  }

  #makeStale(channel: ChannelState): void {
    channel.source = 'stale';
    this.#changed(channel);
  }

  #changed(channel: ChannelState): void {
    channel.change = ++this.changes;
    this.#marks.values(channel.device.key);
  }

  /** Derives the status to show; answers whether it changed. */
  #show(device: DeviceState, now: number): boolean {
    const status = this.#statusOf(device, now);
    if (status === device.shown) return false;
    device.shown = status;
    return true;
  }

  /** An offline status wins over everything; without a link the rest is only what it was. */
  #statusOf(device: DeviceState, now: number): DeviceStatus {
    if (device.online === 'offline') return 'offline';
    const known = device.online === 'online' || device.lastSeen !== undefined;
    if (!this.#linkLive || !device.confirmed) return known ? 'stale' : 'unknown';
    return this.isQuiet(device, now) ? 'stale' : device.online;
  }

  /** Whether the link has been up for longer than the device usually needs to say something, and it said nothing. */
  isQuiet(device: DeviceState, now: number): boolean {
    if (!this.#linkLive) return false;
    const since = this.listensSince(device.key);
    if (since === undefined) return false;
    return device.isStale(now - Math.max(device.lastSeen ?? 0, this.#liveSince, since));
  }
}
