import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of the files in which Chromium keeps the databases of all origins of a profile. */
export function databaseBytes(profile: string): number {
  // Holds `….indexeddb.leveldb`, and `….indexeddb.blob` for values that are too large for that.
  const folder = join(profile, 'Default', 'IndexedDB');
  return readdirSync(folder, { recursive: true }).reduce((sum, name) => {
    const file = statSync(join(folder, String(name)), { throwIfNoEntry: false });
    return sum + (file?.isFile() ? file.size : 0);
  }, 0);
}
