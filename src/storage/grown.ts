/** A copy of a column with room for `capacity` entries. */
export function grown<T extends Float64Array | Uint32Array | Uint8Array>(column: T, capacity: number): T {
  const next = new (column.constructor as new (length: number) => T)(capacity);
  next.set(column);
  return next;
}
