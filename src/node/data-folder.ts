import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal, errorCode, errorText } from './refusal.ts';

/** The folder where an installation keeps what must outlive it: broker state, passwords, certificates. */
export interface DataFolder {
  readonly path: string;
  /** The text of a file in it, or `undefined` when it is not there. */
  read(name: string): string | undefined;
  /** Writes a file that only its owner can read, whole or not at all. */
  write(name: string, text: string): string;
}

/**
 * Opens (and makes, where it is missing) the data folder.
 * @throws Refusal when it cannot be made or written
 */
export function openDataFolder(path: string): DataFolder {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.R_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
  return {
    path,
    read(name) {
      try {
        return readFileSync(join(path, name), 'utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw new Refusal(
          `Cannot read ${join(path, name)} (${errorText(error)}); make it readable or name another folder with --data.`,
        );
      }
    },
    write(name, text) {
      const file = join(path, name);
      // Renamed into place, so that a crash never leaves half a password file.
      const draft = `${file}.${process.pid}.new`;
      try {
        writeFileSync(draft, text, { mode: 0o600 });
        renameSync(draft, file);
      } catch (error) {
        throw unwritable(path, error);
      }
      return file;
    },
  };
}

// Not mkdir's own `recursive`: where a parent exists that takes no folders (/proc), it tries for ever.
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function unwritable(path: string, error: unknown): Refusal {
  const reason = errorCode(error) ?? errorText(error);
  return new Refusal(
    `Cannot write to the data folder ${path} (${reason}); make it writable or name another one with --data.`,
  );
}
