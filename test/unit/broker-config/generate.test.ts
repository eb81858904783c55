import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drift, generate } from '../../../broker-config/commands/generate.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-generated-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what is committed is what the roles file says', async () => {
  expect(await drift()).toEqual([]);
});

test('a file that was changed, is missing or does not belong is one line each; generate puts it right', async () => {
  await generate(folder);
  expect(await drift(folder)).toEqual([]);
  await writeFile(join(folder, 'mosquitto/acl'), 'user viewer\ntopic readwrite #\n');
  await rm(join(folder, 'policy/viewer.json'));
  await writeFile(join(folder, 'policy/former.json'), '{}');
  expect(await drift(folder)).toEqual([
    'mosquitto/acl differs from the policy',
    'policy/former.json does not belong to the policy',
    'policy/viewer.json is missing',
  ]);
  await generate(folder);
  expect(await drift(folder)).toEqual([]);
});

test('a policy document tells a sign-in what it may do', async () => {
  await generate(folder);
  const document = JSON.parse(await readFile(join(folder, 'policy/admin.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(document).toMatchObject({ version: 1, username: 'admin', role: 'admin', clearRetained: true });
  expect(document['publish']).toContain('telltale/#');
});
