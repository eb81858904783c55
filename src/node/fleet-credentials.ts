import { readFileSync } from 'node:fs';
import type { Credential } from '../model/broker.ts';
import { Refusal, errorCode, errorText } from './refusal.ts';

/**
 * Reads the sign-ins of the devices in `ids` from a JSON file `{"<id>":{"username","password"}}`.
 * @throws Refusal when the file cannot be read or lacks one of them
 */
export function readFleetCredentials(file: string, ids: readonly string[]): ReadonlyMap<string, Credential> {
  const found = new Map(Object.entries(readObject(file)));
  return new Map(
    ids.map((id) => {
      const entry = found.get(id);
      if (entry === undefined) {
        throw new Refusal(`${file} has no credential for ${id}; add it, or simulate fewer devices.`);
      }
      if (!isCredential(entry)) {
        throw new Refusal(`The credential of ${id} in ${file} needs "username" and "password", both texts.`);
      }
      return [id, { username: entry.username, password: entry.password }];
    }),
  );
}

function readObject(file: string): object {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal(`${file} is not JSON: ${error.message}.`);
    const why = errorCode(error) === 'ENOENT' ? 'it does not exist' : errorText(error);
    throw new Refusal(`Cannot read the credentials in ${file}: ${why}.`);
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw new Refusal(`${file} must hold an object of credentials: {"<id>":{"username","password"}}.`);
}

function isCredential(value: unknown): value is Credential {
  if (typeof value !== 'object' || value === null) return false;
  const { username, password } = value as Partial<Record<string, unknown>>;
  return typeof username === 'string' && username !== '' && typeof password === 'string';
}
