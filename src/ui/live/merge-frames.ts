import type { Frame, SampleColumns, ValueColumns } from '../../engine-api/frame.ts';

/** Old entries without those that `newer` replaces, then `newer`. */
function replaced<Row, Key>(
  older: readonly Row[] | undefined,
  newer: readonly Row[] | undefined,
  key: (row: Row) => Key,
): readonly Row[] | undefined {
  if (older === undefined || newer === undefined) return newer ?? older;
  const fresh = new Set(newer.map(key));
  return [...older.filter((row) => !fresh.has(key(row))), ...newer];
}

function joinedU32(a: Uint32Array, b: Uint32Array): Uint32Array<ArrayBuffer> {
  const joined = new Uint32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function joinedF64(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const joined = new Float64Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function joinedValues(a?: ValueColumns, b?: ValueColumns): ValueColumns | undefined {
  if (a === undefined || b === undefined) return b ?? a;
  const source = new Uint8Array(a.source.length + b.source.length);
  source.set(a.source);
  source.set(b.source, a.source.length);
  return {
    series: joinedU32(a.series, b.series),
    at: joinedF64(a.at, b.at),
    number: joinedF64(a.number, b.number),
    source,
    other: [...a.other, ...b.other.map(([position, value]) => [position + a.series.length, value] as const)],
  };
}

function joinedSamples(a?: SampleColumns, b?: SampleColumns): SampleColumns | undefined {
  if (a === undefined || b === undefined) return b ?? a;
  return {
    series: joinedU32(a.series, b.series),
    at: joinedF64(a.at, b.at),
    value: joinedF64(a.value, b.value),
  };
}

/**
 * Two frames as one: applying the answer leaves the page as applying `older` and then `newer` would.
 * Values and samples stay in order of arrival, the last of a series standing last.
 */
export function mergeFrames(older: Frame, newer: Frame): Frame {
  if (newer.snapshot === true) return newer;
  const removed = new Set(newer.removed);
  const returned = new Set(newer.devices?.map((row) => row.key));
  const kept = older.devices?.filter((row) => !removed.has(row.key));
  const gone = older.removed?.filter((key) => !returned.has(key));
  const merged: { -readonly [Member in keyof Frame]: Frame[Member] } = {
    // Whatever is replaced as a whole: the newer one stands where there is one.
    ...older,
    ...newer,
    devices: replaced(kept, newer.devices, (row) => row.key),
    removed: gone === undefined ? newer.removed : [...gone, ...removed],
    channels: replaced(older.channels, newer.channels, (row) => row.series),
    values: joinedValues(older.values, newer.values),
    samples: joinedSamples(older.samples, newer.samples),
    gaps: older.gaps && newer.gaps ? [...older.gaps, ...newer.gaps] : (newer.gaps ?? older.gaps),
    commands: replaced(older.commands, newer.commands, (command) => command.id),
    raw: replaced(older.raw, newer.raw, (message) => message.device),
  };
  return merged;
}
