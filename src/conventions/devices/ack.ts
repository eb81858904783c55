import type { Effect, MessageMeta } from '../../model/convention.ts';
import { cleanText } from '../../model/foreign-text.ts';
import { isObject, readJson } from '../../model/payload.ts';
import { correlatedId } from './correlation.ts';

/** The result is kept with the command, so it must stay small. */
const MAX_BYTES = 16 * 1024;
const MAX_ID = 64;
const MAX_ERROR = 500;

/**
 * `ack`: `{"id","ok","result"?,"error"?}`. An error that is not a text is written down as JSON. It is the response topic of
 * every command as well: an answer with the command's correlation data needs no `id`, and may be any JSON. That is then the
 * result, unless it says by `ok` or `error` how it went.
 */
export function readAck(device: string, payload: Uint8Array, meta: MessageMeta): Effect {
  const correlated = correlatedId(meta.correlationData);
  const reading = readJson(payload, MAX_BYTES);
  if (!reading.ok) return { type: 'problem', device, message: `Ack ${reading.why}.` };
  const ack = reading.value;
  if (!isObject(ack)) {
    if (correlated === undefined) return wrong(device, 'is not an object');
    return { type: 'ack', device, id: correlated, ok: true, result: ack };
  }
  const { id = correlated, ok, result, error } = ack;
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID) {
    return wrong(device, 'does not name its command: "id" is the text that stood in the command');
  }
  const failed = error !== undefined && error !== null;
  if (ok === undefined && correlated === id) {
    return failed
      ? { type: 'ack', device, id, ok: false, error: errorText(error) }
      : { type: 'ack', device, id, ok: true, result: 'result' in ack ? result : ack };
  }
  if (typeof ok !== 'boolean') return wrong(device, 'has an "ok" that is neither true nor false');
  const effect = { type: 'ack' as const, device, id, ok, result };
  return failed ? { ...effect, error: errorText(error) } : effect;
}

function errorText(error: unknown): string {
  return cleanText(typeof error === 'string' ? error : JSON.stringify(error), MAX_ERROR);
}

function wrong(device: string, why: string): Effect {
  return { type: 'problem', device, message: `Ack ${why}; send {"id":"…","ok":true}.` };
}
