import type { Effect } from '../../model/convention.ts';
import { cleanText } from '../../model/foreign-text.ts';
import { isObject, readJson } from '../../model/payload.ts';

/** The result is kept with the command, so it must stay small. */
const MAX_BYTES = 16 * 1024;
const MAX_ID = 64;
const MAX_ERROR = 500;

/** `ack`: `{"id","ok","result"?,"error"?}`. An error that is not a text is written down as JSON. */
export function readAck(device: string, payload: Uint8Array): Effect {
  const reading = readJson(payload, MAX_BYTES);
  if (!reading.ok) return { type: 'problem', device, message: `Ack ${reading.why}.` };
  const ack = reading.value;
  if (!isObject(ack)) return wrong(device, 'is not an object');
  const { id, ok, result, error } = ack;
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID) {
    return wrong(device, 'does not name its command: "id" is the text that stood in the command');
  }
  if (typeof ok !== 'boolean') return wrong(device, 'has an "ok" that is neither true nor false');
  const effect = { type: 'ack' as const, device, id, ok, result };
  if (error === undefined || error === null) return effect;
  return {
    ...effect,
    error: cleanText(typeof error === 'string' ? error : JSON.stringify(error), MAX_ERROR),
  };
}

function wrong(device: string, why: string): Effect {
  return { type: 'problem', device, message: `Ack ${why}; send {"id":"…","ok":true}.` };
}
