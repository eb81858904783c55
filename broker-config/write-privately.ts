import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that at no moment is readable by others, and at no moment is half written. */
export async function writePrivately(path: string, text: string, mode = 0o600): Promise<void> {
  const fresh = `${path}.new`;
  await writeFile(fresh, text, { mode, flag: 'w' });
  await rename(fresh, path);
}
