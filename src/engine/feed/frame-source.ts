import type {
  ChannelRow,
  Counters,
  DeviceChange,
  RawMessage,
  SeriesId,
  ValueColumns,
} from '../../engine-api/frame.ts';
import type { Command } from '../../model/command.ts';
import type { DeviceKey } from '../../model/device.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Part } from './part.ts';

/** Where a feed reads what it is about to post. */
export interface FrameSource {
  deviceKeys(): Iterable<DeviceKey>;
  allSeries(): Iterable<SeriesId>;
  /** How many changes of values there have been; see `LiveState`. */
  changes(): number;
  /** The series whose value changed after that many changes: of some devices, or of all. */
  changedSince(change: number, devices?: Iterable<DeviceKey>): Iterable<SeriesId>;
  /** How many messages have come. */
  received(): number;
  commandIds(): Iterable<string>;
  devices(keys: Iterable<DeviceKey>, described: ReadonlySet<DeviceKey>): DeviceChange[];
  channels(series: Iterable<SeriesId>): ChannelRow[];
  values(series: readonly SeriesId[]): ValueColumns;
  commands(ids: Iterable<string>): Command[];
  raw(keys: Iterable<DeviceKey>): RawMessage[];
  part(part: Part): unknown;
}

/** Reads frames from the live state; what is not in it comes from the two functions. */
export function frameSource(
  live: () => LiveState,
  commands: () => readonly ReadonlyMap<string, Command>[],
  part: (part: Part) => unknown,
): FrameSource {
  return {
    deviceKeys: () => live().devices.keys(),
    allSeries: () => live().channels.keys(),
    changes: () => live().changes,
    changedSince: (change, devices) => changedSince(live(), change, devices),
    received: () => (part('counters') as Counters).received,
    commandIds: () => commands().flatMap((table) => [...table.keys()]),
    part,
    devices: (keys, described) => found(keys, (key) => live().devices.get(key)?.row(described.has(key))),
    channels: (series) => found(series, (id) => live().channels.get(id)?.row()),
    commands: (ids) => {
      const tables = commands();
      return found(ids, (id) => tables.find((table) => table.has(id))?.get(id));
    },
    raw: (keys) => found(keys, (key) => live().devices.get(key)?.raw),
    values: (series) => valueColumns(live(), series),
  };
}

function* changedSince(
  { devices, channels }: LiveState,
  change: number,
  of?: Iterable<DeviceKey>,
): Generator<SeriesId> {
  if (of === undefined) {
    for (const channel of channels.values()) if (channel.change > change) yield channel.series;
    return;
  }
  for (const key of of) {
    for (const channel of devices.get(key)?.channels.values() ?? [])
      if (channel.change > change) yield channel.series;
  }
}

function found<Key, Row>(keys: Iterable<Key>, row: (key: Key) => Row | undefined): Row[] {
  const rows: Row[] = [];
  for (const key of keys) {
    const value = row(key);
    if (value !== undefined) rows.push(value);
  }
  return rows;
}

function valueColumns(live: LiveState, wanted: readonly SeriesId[]): ValueColumns {
  const known = found(wanted, (id) => live.channels.get(id));
  const series = new Uint32Array(known.length);
  const at = new Float64Array(known.length);
  const number = new Float64Array(known.length);
  const source = new Uint8Array(known.length);
  const other: [number, boolean | string][] = [];
  known.forEach((channel, position) => {
    series[position] = channel.series;
    at[position] = channel.at;
    source[position] = channel.sourceIndex;
    number[position] = typeof channel.value === 'number' ? channel.value : NaN;
    if (typeof channel.value === 'boolean' || typeof channel.value === 'string')
      other.push([position, channel.value]);
  });
  return { series, at, number, source, other };
}
