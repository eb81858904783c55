import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetOptions } from '../target.ts';
import { UserError } from '../user-error.ts';
import { writePrivately } from '../write-privately.ts';

/** How a folder was installed, so that a later command needs nothing but the folder. */
export interface InstalledRecord {
  readonly version: 1;
  readonly target: string;
  /** The roles file, absolute. */
  readonly roles: string;
  /** Ids that were given to `install` beside the principals of the roles file. */
  readonly devices: readonly string[];
  readonly witness: boolean;
  readonly options: TargetOptions;
}

const NAME = 'installation.json';

export async function writeRecord(folder: string, record: InstalledRecord): Promise<void> {
  await writePrivately(join(folder, NAME), `${JSON.stringify(record, null, 2)}\n`);
}

/** @throws UserError when `folder` was not made by `install`. */
export async function readRecord(folder: string): Promise<InstalledRecord> {
  const path = join(folder, NAME);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new UserError(`${folder} has no ${NAME}: give the folder that "install" wrote, or install again.`);
  }
  try {
    const record = JSON.parse(text) as InstalledRecord;
    if (record.version === 1 && typeof record.target === 'string') return record;
  } catch {
    // Said below, as one sentence for both ways of being wrong.
  }
  throw new UserError(`${path} is not what "install" wrote: install again.`);
}
