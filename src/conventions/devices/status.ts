import { quote } from '../../model/foreign-text.ts';
import { isObject, parseJson, readText } from '../../model/payload.ts';

/** A status is a few bytes; what is longer is something else. */
const MAX_BYTES = 4096;

/** What a status payload says, or why it says nothing; `why` goes on from "Status". */
export type StatusReading =
  { readonly ok: true; readonly online: boolean } | { readonly ok: false; readonly why: string };

const WORDS = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ['online', true],
  ['offline', false],
  ['1', true],
  ['0', false],
  ['true', true],
  ['false', false],
]);

function word(value: unknown): boolean | undefined {
  return WORDS.get(typeof value === 'string' ? value.trim().toLowerCase() : value);
}

/**
 * Reads `{"online":true}` and `{"online":false}`, and bare `online`, `offline`, `1`, `0`, `true`, `false`, with or
 * without quotes, in any case.
 */
export function readStatus(payload: Uint8Array): StatusReading {
  const text = readText(payload, MAX_BYTES);
  if (!text.ok) return text;
  const bare = word(text.value);
  if (bare !== undefined) return { ok: true, online: bare };
  const json = parseJson(text.value);
  const online = json.ok ? word(isObject(json.value) ? json.value['online'] : json.value) : undefined;
  if (online !== undefined) return { ok: true, online };
  return {
    ok: false,
    why: `${quote(text.value)} is neither {"online":true} nor {"online":false}; the last known status stays`,
  };
}
