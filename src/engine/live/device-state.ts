import type { ChannelRow, DeviceChange, DeviceRow, RawMessage, SeriesId } from '../../engine-api/frame.ts';
import { VALUE_SOURCES, type ValueSource } from '../../engine-api/frame.ts';
import {
  deviceId,
  type ChannelDescription,
  type ChannelKind,
  type DeviceDescription,
  type DeviceKey,
  type LocalDescription,
  type Online,
  type SafeSchema,
} from '../../model/device.ts';
import type { ConfigSeen, DeviceConfig } from '../../model/config/config-change.ts';
import { keepable } from '../../model/config/keepable.ts';
import type { MessageMeta } from '../../model/convention.ts';
import type { QoS } from '../../model/qos.ts';
import { ClockEstimate } from '../../model/device-time.ts';
import type { Value } from '../../model/sample.ts';
import { Staleness } from '../../model/staleness.ts';
import type { DeviceRecord } from '../../storage/records.ts';
import type { ChannelWatch, DeviceWatch } from './alert-plan.ts';
import { AT, CHANGE, TIMES, VALUE, type Slot } from './channel-slots.ts';

const MAX_RAW_BYTES = 65_536;
const NOTHING = new Uint8Array(0);

/** One channel at work: its latest value and how often it speaks. Mutated in place, one per channel for ever. */
export class ChannelState {
  source: ValueSource = 'history';
  readonly staleness: Staleness;
  /** The rules about it, where there are any. */
  alerting: ChannelWatch | undefined;
  readonly #numbers: Float64Array;
  readonly #begin: number;
  /** A value that is no number; `null` where it is one. */
  #other: boolean | string | null | undefined;

  constructor(
    readonly series: SeriesId,
    readonly device: DeviceState,
    readonly channel: string,
    readonly slot: Slot,
  ) {
    this.#numbers = slot.numbers;
    this.#begin = slot.begin;
    this.staleness = new Staleness(slot.numbers, slot.begin + TIMES);
    this.at = NaN;
  }

  get value(): Value | undefined {
    return this.#other === null ? this.#numbers[this.#begin + VALUE] : this.#other;
  }

  set value(value: Value | undefined) {
    if (typeof value === 'number') {
      this.#numbers[this.#begin + VALUE] = value;
      this.#other = null;
    } else this.#other = value;
  }

  /** Receive time, epoch ms; NaN when only a retained copy of unknown age was seen. */
  get at(): number {
    return this.#numbers[this.#begin + AT]!;
  }

  set at(at: number) {
    this.#numbers[this.#begin + AT] = at;
  }

  /** The number of its last change, of those that `LiveState` counts. */
  get change(): number {
    return this.#numbers[this.#begin + CHANGE]!;
  }

  set change(change: number) {
    this.#numbers[this.#begin + CHANGE] = change;
  }

  /** Whether such a value is of the kind that it has now. */
  isOfKind(value: Value): boolean {
    return typeof value === 'number' ? this.#other === null : typeof value === typeof this.#other;
  }

  /** The channel as the page shows it. */
  row(): ChannelRow {
    const described = this.device.describes(this.channel);
    return {
      series: this.series,
      device: this.device.key,
      channel: this.channel,
      name: described?.name ?? this.channel,
      kind: described?.kind ?? kindOf(this.value),
      ...(described?.unit !== undefined && { unit: described.unit }),
      ...(described?.precision !== undefined && { precision: described.precision }),
      ...(described?.min !== undefined && { min: described.min }),
      ...(described?.max !== undefined && { max: described.max }),
    };
  }

  /** The source as it crosses to the page. */
  get sourceIndex(): number {
    return VALUE_SOURCES.indexOf(this.source);
  }
}

function kindOf(value: Value | undefined): ChannelKind {
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? 'text' : 'number';
}

/** A description of this browser, and what could be read of it. */
export interface ReadDescription {
  readonly record: LocalDescription;
  readonly description: DeviceDescription;
}

/** One device at work. Mutated in place; the page gets rows. */
export class DeviceState {
  readonly id: string;
  readonly channels = new Map<string, ChannelState>();
  readonly clock = new ClockEstimate();
  online: Online = 'unknown';
  statusSince: number | undefined;
  /** NaN for never: of numbers only, one takes the place of the other, and none is made for each message. */
  #lastSeen = NaN;
  /** The `lastSeen` that the pages were last told of; NaN before the first. */
  lastSeenTold = NaN;
  /** As the broker hands it out, or as it did last. */
  published: DeviceDescription | undefined;
  /** What this browser says in its place. */
  local: ReadDescription | undefined;
  /** Learned channel by channel, where there is no description as a whole. */
  readonly learned = new Map<string, ChannelDescription>();
  config: DeviceConfig = {};
  /** What of its configuration was heard on this link. */
  readonly configHeard = new Set<keyof DeviceConfig>();
  uptimeClock = false;
  problems = 0;
  /** When it last sent something that could not be read, epoch ms. */
  problemAt: number | undefined;
  /**
   * Its last message, copied: a view would keep the whole frame that it looks into, and a buffer that is kept until the next
   * message is one that the garbage collector has to move.
   */
  #topic = '';
  #payload = NOTHING;
  #length = -1;
  #at = 0;
  #qos: QoS = 0;
  #retain = false;
  /** Something was heard of it on this link: its remembered status is confirmed or corrected. */
  confirmed = false;
  /** The rules about the device as a whole; `null` where there are none, `undefined` before that is known. */
  alerting: DeviceWatch | null | undefined;
  /** It was taken out of the fleet; should it come back, as another. */
  forgotten = false;
  /** The status that was last shown, to see when it changes. */
  shown: DeviceRow['status'] = 'unknown';

  constructor(readonly key: DeviceKey) {
    this.id = deviceId(key);
  }

  /** When anything live last came from it, epoch ms. */
  get lastSeen(): number | undefined {
    return Number.isNaN(this.#lastSeen) ? undefined : this.#lastSeen;
  }

  set lastSeen(at: number | undefined) {
    this.#lastSeen = at ?? NaN;
  }

  /** Keeps the last message, whatever it meant. */
  heard(topic: string, payload: Uint8Array, meta: MessageMeta): void {
    const kept = Math.min(payload.length, MAX_RAW_BYTES);
    if (kept > this.#payload.length) this.#payload = new Uint8Array(Math.min(2 * kept, MAX_RAW_BYTES));
    this.#payload.set(kept < payload.length ? payload.subarray(0, kept) : payload);
    this.#length = payload.length;
    this.#topic = topic;
    this.#at = meta.receivedAt;
    this.#qos = meta.qos;
    this.#retain = meta.retain;
  }

  /** The last message, its payload cut at 64 KB. */
  get raw(): RawMessage | undefined {
    if (this.#length < 0) return undefined;
    return {
      device: this.key,
      topic: this.#topic,
      payload: this.#payload.slice(0, this.#length),
      length: this.#length,
      at: this.#at,
      qos: this.#qos,
      retain: this.#retain,
    };
  }

  describes(channel: string): ChannelDescription | undefined {
    return this.description?.channels.get(channel) ?? this.learned.get(channel);
  }

  /** What is shown of the device: as this browser says, else as published. */
  get description(): DeviceDescription | undefined {
    return this.local?.description ?? this.published;
  }

  /** What its configuration looks like. What is published as secret stays so, whatever this browser says. */
  get configSchema(): SafeSchema | undefined {
    return this.published?.config ?? this.description?.config;
  }

  /** Seconds between two readings, where the device says so. */
  get interval(): number | undefined {
    return this.description?.interval;
  }

  /** Whether a silence of so many ms makes the whole device stale: it does when it is too long for any channel. */
  isStale(silence: number): boolean {
    for (const channel of this.channels.values()) {
      if (channel.staleness.isStale(silence, this.interval)) return true;
    }
    return false;
  }

  /** Described channels first, in the order of the description; then the others as they were seen. */
  private ordered(): SeriesId[] {
    const series: SeriesId[] = [];
    for (const name of this.description?.channels.keys() ?? []) {
      const channel = this.channels.get(name);
      if (channel) series.push(channel.series);
    }
    for (const channel of this.channels.values()) {
      if (!this.description?.channels.has(channel.channel)) series.push(channel.series);
    }
    return series;
  }

  /** The device as it crosses to the page; `described` says whether what it says about itself goes along. */
  row(described: boolean): DeviceChange {
    const skew = this.clock.skew();
    return {
      key: this.key,
      id: this.id,
      status: this.shown,
      channels: this.ordered(),
      problems: this.problems,
      ...(this.statusSince !== undefined && { statusSince: this.statusSince }),
      ...(this.lastSeen !== undefined && { lastSeen: this.lastSeen }),
      ...(skew !== undefined && { skew }),
      ...(this.uptimeClock && { uptimeClock: true }),
      ...(described && {
        described: true as const,
        description: this.description,
        local: this.local?.record,
        config: this.config,
      }),
    };
  }
}

/** What is stored of a device beside its samples. */
export function recordOf(device: DeviceState): DeviceRecord {
  const { key, online, statusSince, lastSeen, published, config } = device;
  const kept = ({ value, ...seen }: ConfigSeen): ConfigSeen => ({
    ...seen,
    value: keepable(value, device.configSchema),
  });
  return {
    key,
    online,
    statusSince,
    lastSeen,
    description: published,
    config: {
      ...(config.desired && { desired: kept(config.desired) }),
      ...(config.reported && { reported: kept(config.reported) }),
    },
  };
}
