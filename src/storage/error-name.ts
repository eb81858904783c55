/** The name of whatever was thrown: `QuotaExceededError`, `VersionError`… IndexedDB says what happened by it alone. */
export function errorName(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : String(error);
}
