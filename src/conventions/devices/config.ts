import type { Effect, MessageMeta } from '../../model/convention.ts';
import { cleanText } from '../../model/foreign-text.ts';
import { isObject, readJson, readText } from '../../model/payload.ts';
import { writeObject } from './write-object.ts';

const MAX_BY = 64;

/**
 * Reads `config` or `config/reported`. What cannot be read is told twice: as a problem, and as a configuration with a fault,
 * so that nobody takes the last one that could be read for the one that is there.
 */
export function readConfig(
  device: string,
  which: 'desired' | 'reported',
  payload: Uint8Array,
  meta: MessageMeta,
): readonly Effect[] {
  const by = meta.by && readText(meta.by, 4 * MAX_BY);
  const seen = {
    type: 'config',
    device,
    which,
    value: null,
    ...(by?.ok && by.value !== '' && { by: cleanText(by.value, MAX_BY) }),
  } as const;
  if (payload.length === 0) return [seen];
  const reading = readJson(payload);
  if (reading.ok && isObject(reading.value)) return [{ ...seen, value: reading.value }];
  const why = reading.ok ? 'is not an object; send one such as {"interval":10}' : reading.why;
  const fault = `${which === 'desired' ? 'Config' : 'Reported config'} ${why}.`;
  return [
    { ...seen, fault },
    { type: 'problem', device, message: fault },
  ];
}

/**
 * The payload of `config`: the object as JSON, or empty, by which MQTT deletes what is retained [MQTT-3.3.1-6].
 * @throws Error with one sentence when it is no object, or JSON cannot say all of it
 */
export function writeConfig(value: unknown): Uint8Array {
  if (value === null) return new Uint8Array();
  if (!isObject(value)) throw new Error('A configuration is a JSON object, such as {"interval":10}.');
  return writeObject('The configuration', value);
}
