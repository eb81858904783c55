/** Small devices take small packets; nothing that a console writes comes near this. */
const MAX_BYTES = 4096;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The JSON in a payload, or `undefined` when it is too long, not UTF-8 or not JSON. Never throws. */
export function readJson(payload: Uint8Array): unknown {
  if (payload.length > MAX_BYTES) return undefined;
  try {
    return JSON.parse(decoder.decode(payload)) as unknown;
  } catch {
    return undefined;
  }
}
