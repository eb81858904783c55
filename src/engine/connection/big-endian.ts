/** The two-byte integer at `at` (section 1.5.2 of MQTT 5). */
export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
