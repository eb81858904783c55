import type { Credential } from '../model/broker.ts';
import type { Principal } from '../model/policy.ts';
import type { DataFolder } from './data-folder.ts';
import { devicePassword, personPassword } from './passwords.ts';
import { Refusal } from './refusal.ts';

const FILE = 'credentials.json';

const NOTE =
  'Passwords of the demo broker, generated for this installation and kept in clear text so that they can be printed ' +
  'at each start. Delete this file to have new ones made. A real broker keeps hashes; see broker-config/.';

/** Sign-ins by username (people) and by device id (devices). */
export interface Credentials {
  readonly users: ReadonlyMap<string, Credential>;
  readonly devices: ReadonlyMap<string, Credential>;
}

/**
 * The credentials of all `principals`: those that the data folder remembers, and new ones for the rest.
 * What it remembers of devices that are not simulated this time stays in the file.
 * @throws Refusal when the file is damaged or cannot be written
 */
export function loadCredentials(folder: DataFolder, principals: readonly Principal[]): Credentials {
  const known = parse(folder);
  const users = new Map<string, Credential>();
  const devices = new Map<string, Credential>();
  let added = false;
  for (const { username, id } of principals) {
    const password = known.get(username);
    added ||= password === undefined;
    const credential = {
      username,
      password: password ?? (id === undefined ? personPassword() : devicePassword()),
    };
    known.set(username, credential.password);
    if (id === undefined) users.set(username, credential);
    else devices.set(id, credential);
  }
  if (added) {
    folder.write(FILE, `${JSON.stringify({ note: NOTE, passwords: Object.fromEntries(known) }, null, 2)}\n`);
  }
  return { users, devices };
}

function parse(folder: DataFolder): Map<string, string> {
  const text = folder.read(FILE);
  if (text === undefined) return new Map();
  try {
    const { passwords } = JSON.parse(text) as { passwords: Record<string, string> };
    const entries = Object.entries(passwords);
    if (entries.every(([, password]) => typeof password === 'string' && password !== ''))
      return new Map(entries);
  } catch {
    // Falls through to the refusal: the reason is the same to the person.
  }
  throw new Refusal(`${folder.path}/${FILE} is damaged; delete it to have new passwords made.`);
}
