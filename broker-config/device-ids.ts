import { readFile } from 'node:fs/promises';
import { UserError, sentence } from './user-error.ts';

/**
 * The ids behind `--devices`: a comma-separated list (`a,b`), or a file with one id a line (`#` begins a comment) or
 * with a JSON array of ids or object keyed by id. Whatever has a `/`, a `.` or a `\` in it is a file, since no id has.
 */
export async function deviceIds(value: string): Promise<readonly string[]> {
  if (!/[/.\\]/.test(value)) return listed(value.split(','));
  const text = await readFile(value, 'utf8').catch((error: unknown) => {
    throw new UserError(`The device list ${value} cannot be read: ${sentence(error)}.`);
  });
  return /^\s*[[{]/.test(text)
    ? fromJson(value, text)
    : listed(text.split('\n').map((line) => line.replace(/#.*/, '')));
}

function listed(words: readonly string[]): readonly string[] {
  return words.map((word) => word.trim()).filter((word) => word !== '');
}

function fromJson(file: string, text: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    const ids: readonly unknown[] = Array.isArray(parsed) ? parsed : Object.keys(parsed as object);
    if (ids.every((id) => typeof id === 'string')) return ids;
  } catch {
    // Said below, as one sentence for both ways of being wrong.
  }
  throw new UserError(
    `The device list ${file} must be a JSON array of ids, or an object whose keys are ids.`,
  );
}
