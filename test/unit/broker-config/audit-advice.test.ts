import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Credentials } from '../../../broker-config/credentials.ts';
import { ROLES_FILE } from '../../../broker-config/load-policy.ts';
import { runCommand } from '../../../broker-config/run-command.ts';
import { WITNESS } from '../../../broker-config/with-witness.ts';

// What audit says before it has gone to any broker.

let folder: string;
let roles: string;
let out: string;
let credentials: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-audit-'));
  roles = join(folder, 'roles.yaml');
  out = join(folder, 'etc');
  credentials = join(out, 'credentials.json');
  await copyFile(ROLES_FILE, roles);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const install = (...more: string[]) =>
  runCommand(['install', '--target', 'mosquitto', '--out', out, '--roles', roles, ...more]);

async function refusal(file = credentials): Promise<readonly string[]> {
  const args = ['audit', '--broker', 'ws://127.0.0.1:1/mqtt', '--roles', roles, '--credentials', file];
  const outcome: unknown = await runCommand(args).catch((error: unknown) => error);
  return String((outcome as Error).message).split('\n');
}

test('no witness: the line that was installed by is said with one more word, which makes the witness', async () => {
  await install(
    '--host',
    '192.0.2.7',
    '--ws-port',
    '9002',
    '--devices',
    'pump-1',
    '--data',
    join(folder, 'state'),
  );
  const [sentence, , line = '', reload, ...more] = await refusal();
  expect(sentence).toMatch(/^There is no witness in .*credentials\.json: install once more with --witness/);
  expect(line).toBe(
    `  npm run broker-config -- install --target mosquitto --out ${out} --data ${folder}/state --roles ${roles} --devices pump-1 --host 192.0.2.7 --ws-port 9002 --witness`,
  );
  expect([reload, more]).toEqual(['  systemctl reload mosquitto', []]);
  await runCommand(line.trim().split(' ').slice(4));
  expect(Object.keys((JSON.parse(await readFile(credentials, 'utf8')) as Credentials).users)).toContain(
    WITNESS,
  );
});

test('a witness whose password is gone: only an install without it makes a new one', async () => {
  await install('--witness');
  await writeFile(credentials, '{"users":{},"devices":{}}');
  const lines = await refusal();
  const line = `  npm run broker-config -- install --target mosquitto --out ${out} --roles ${roles}`;
  expect(lines.slice(2)).toEqual([line, `${line} --witness`, '  systemctl reload mosquitto']);
  for (const words of lines.slice(2, 4)) await runCommand(words.trim().split(' ').slice(4));
  expect(Object.keys((JSON.parse(await readFile(credentials, 'utf8')) as Credentials).users)).toEqual([
    WITNESS,
  ]);
});

test('credentials that lie elsewhere: no line can be said', async () => {
  await install();
  await rename(credentials, join(folder, 'mine.json'));
  expect(await refusal(join(folder, 'mine.json'))).toEqual([
    expect.stringMatching(/--witness.* Have the broker read its files again each time\.$/),
  ]);
});

test('a witness and nobody else: whose password to make, or to write in, is said, and both are enough', async () => {
  await install('--witness');
  const all = JSON.parse(await readFile(credentials, 'utf8')) as Credentials;
  const only = async (...names: readonly string[]) => {
    const users = Object.fromEntries(Object.entries(all.users).filter(([name]) => names.includes(name)));
    await writeFile(credentials, JSON.stringify({ users, devices: {} }));
  };
  await only(WITNESS);
  const [sentence, rotate = '', write] = await refusal();
  expect(sentence).toMatch(/ has a password of nobody in the policy: nothing can be tried\. /);
  expect(rotate).toBe(`  npm run broker-config -- rotate NAME --installed ${out}`);
  await runCommand(rotate.replace('NAME', 'viewer').trim().split(' ').slice(4));
  expect((await refusal())[0]).toContain(`as viewer and as ${WITNESS}`);
  expect(write).toContain('"users": "NAME": { "username": "NAME", "password": "…" }');
  await only(WITNESS, 'operator');
  expect((await refusal())[0]).toContain(`as operator and as ${WITNESS}`);
});
