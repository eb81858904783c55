import { readFile, writeFile } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { ROLES_FILE } from '../../broker-config/load-policy.ts';

/**
 * Writes the repository's roles file once more, with one principal in it, `witness`, who may read and write everything:
 * whoever asks what a broker really passed on has to ask somebody who would have seen it. It is a device as far as the
 * policy is concerned, since no person may have such rights.
 * @returns the path of the file.
 */
export async function rolesWithWitness(): Promise<string> {
  const document = parseDocument(await readFile(ROLES_FILE, 'utf8'));
  document.setIn(['roles', 'witness'], { bind_client_id: true, subscribe: ['#'], publish: ['#'] });
  document.setIn(['principals', 'witness'], 'witness');
  const file = join(await mkdtemp(join(tmpdir(), 'telltale-roles-')), 'roles.yaml');
  await writeFile(file, document.toString());
  return file;
}
