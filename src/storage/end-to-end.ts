/** Parts end to end, and where each begins. */
export interface EndToEnd {
  readonly bytes: Uint8Array;
  readonly begins: Uint32Array;
}

export function endToEnd(parts: readonly Uint8Array[]): EndToEnd {
  const begins = new Uint32Array(parts.length);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const [i, part] of parts.entries()) {
    bytes.set(part, at);
    begins[i] = at;
    at += part.length;
  }
  return { bytes, begins };
}
