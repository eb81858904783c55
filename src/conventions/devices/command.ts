import type { CommandRequest } from '../../model/convention.ts';
import { parseJson } from '../../model/payload.ts';

/** Small devices give an id 22 characters. */
const ID = /^[A-Za-z0-9_-]{1,22}$/;

const encoder = new TextEncoder();

/**
 * The payload of `cmd`: `{"id","name","args","by","exp","ttl"}` with `exp` in epoch ms and `ttl` in seconds, or the JSON
 * that a person typed, byte for byte. Nothing at all, retained, clears what is retained on the topic [MQTT-3.3.1-6].
 * @throws Error with one sentence when it cannot be written
 */
export function writeCommand(request: CommandRequest): Uint8Array {
  const { id, name, args, raw, handling, by, deadline, now } = request;
  if (raw === '' && handling?.retain === true) return new Uint8Array();
  if (raw !== undefined) {
    const reading = parseJson(raw);
    if (!reading.ok) throw new Error(`What you typed ${reading.why}.`);
    return encoder.encode(raw);
  }
  if (!ID.test(id)) throw new Error('The command has no usable id: 1 to 22 letters, digits, "_" or "-".');
  if (name === '') throw new Error('The command has no name; say which one to send.');
  // For devices without a clock; rounded up, so that a command of half a second is not dead on arrival.
  const ttl = Math.ceil((deadline - now) / 1000);
  if (!(ttl > 0)) throw new Error('The deadline of the command has passed; send it again with a later one.');
  return encoder.encode(asJson({ id, name, args, by, exp: deadline, ttl }));
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new Error('The arguments of the command cannot be written as JSON.');
  }
}
