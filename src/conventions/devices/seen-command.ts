import type { Effect, MessageMeta } from '../../model/convention.ts';
import { cleanText } from '../../model/foreign-text.ts';
import { isObject, parseJson, readText } from '../../model/payload.ts';
import { correlatedId } from './correlation.ts';

/** As for an answer: it is kept in memory and shown. */
const MAX_BYTES = 16 * 1024;
const MAX_RAW = 1_000;
const MAX_WORD = 64;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * A message on `cmd`, which its device alone has an answer to: for the console it says what was asked, and by whom. What is
 * not a command of the contract, or no text at all, is shown as it stands.
 */
export function readSeenCommand(device: string, payload: Uint8Array, meta: MessageMeta): readonly Effect[] {
  // Empty is how a retained message is cleared.
  if (payload.length === 0) return [];
  if (meta.retain) {
    const message =
      'A command is retained at the broker, so the device is given it again each time it subscribes. Clear it with an empty retained message.';
    return [{ type: 'problem', device, message }];
  }
  const text = readText(payload, MAX_BYTES);
  if (!text.ok) return [{ type: 'command', device, raw: `${payload.length} bytes that are not shown` }];
  const reading = parseJson(text.value);
  const envelope = reading.ok && isObject(reading.value) ? reading.value : {};
  const { name, args, by, exp, ttl } = envelope;
  const id = isId(envelope['id']) ? envelope['id'] : correlatedId(meta.correlationData);
  return [
    {
      type: 'command',
      device,
      ...(id !== undefined && { id }),
      ...(typeof name === 'string' && name !== ''
        ? { name: cleanText(name, MAX_WORD), args }
        : { raw: cleanText(text.value, MAX_RAW) }),
      ...(typeof by === 'string' && by !== '' && { by: cleanText(by, MAX_WORD) }),
      ...(isTime(exp) && { exp }),
      ...(isTime(ttl) && { ttl }),
    },
  ];
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
