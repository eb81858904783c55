import type { Effect, MessageMeta } from '../../model/convention.ts';
import { flatten, MAX_TEXT } from '../../model/flatten.ts';
import { isObject, readJson } from '../../model/payload.ts';
import type { Value } from '../../model/sample.ts';
import type { DeviceRecord } from './device-record.ts';
import { TelemetryShape, TIME } from './telemetry-shape.ts';

/** Where a telemetry message that is one bare value goes. */
const BARE_CHANNEL = 'value';
/** A device that writes each message in another way gains nothing by more. */
const MAX_SHAPES = 4;

/**
 * `telemetry`: an object of channels, with the device's own time in `ts`; or one bare number, boolean or text, which
 * becomes the channel `value`. A message without channels is still a sign of life: it gives samples without values.
 * The effects hold until the next call.
 */
export function readTelemetry(
  device: DeviceRecord,
  payload: Uint8Array,
  meta: MessageMeta,
): readonly Effect[] {
  for (const shape of device.shapes) {
    const effects = shape.read(payload, device.time, meta);
    if (effects !== undefined) return effects;
  }
  const reading = readJson(payload);
  if (!reading.ok) return [problem(device, `Telemetry ${reading.why}.`)];
  const json = reading.value;
  if (!isObject(json)) return readBare(device, json);

  const flat = flatten(json, TIME);
  const raw = json[TIME];
  const time =
    raw === undefined || raw === null ? undefined : device.time.read(raw, meta.receivedAt, !meta.retain);
  const effects: Effect[] = [
    {
      type: 'samples',
      device: device.id,
      ts: time?.ts,
      clock: time?.clock,
      channels: flat.values.map(([channel]) => channel),
      values: flat.values.map(([, value]) => value),
    },
  ];
  if (time === undefined && raw !== undefined && raw !== null) {
    effects.push(
      problem(
        device,
        'The "ts" of the telemetry is not a time; send epoch seconds, epoch milliseconds, ISO 8601 or ' +
          'milliseconds since boot. The time of receipt is used.',
      ),
    );
  }
  for (const what of flat.problems) effects.push(problem(device, what));
  if (effects.length === 1 && device.shapes.length < MAX_SHAPES) {
    const shape = device.fleet.of(payload, json);
    if (shape !== undefined) device.shapes.push(new TelemetryShape(device.id, shape));
  }
  return effects;
}

function readBare(device: DeviceRecord, json: unknown): readonly Effect[] {
  const fits =
    typeof json === 'boolean' ||
    (typeof json === 'number' && Number.isFinite(json)) ||
    (typeof json === 'string' && json.length <= MAX_TEXT);
  if (!fits) {
    return [problem(device, 'Telemetry holds no named values; send an object such as {"t":21.5}.')];
  }
  return [{ type: 'samples', device: device.id, channels: [BARE_CHANNEL], values: [json as Value] }];
}

function problem(device: DeviceRecord, message: string): Effect {
  return { type: 'problem', device: device.id, message };
}
