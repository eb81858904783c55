import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Credentials } from '../../../broker-config/credentials.ts';
import { installTarget } from '../../../broker-config/install-target.ts';
import { target as mosquitto } from '../../../broker-config/targets/mosquitto.ts';
import { target as nats } from '../../../broker-config/targets/nats.ts';
import { loadPolicy } from '../../../broker-config/load-policy.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-install-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function installed(...devices: readonly string[]) {
  const options = { directory: folder, data: join(folder, 'data') };
  const lines = await installTarget(mosquitto, await loadPolicy({ devices }), folder, options);
  const passwd = await readFile(join(folder, 'passwd'), 'utf8');
  const credentials = await readFile(join(folder, 'credentials.json'), 'utf8').then(
    (text) => JSON.parse(text) as Credentials,
    () => undefined,
  );
  return { lines, passwd, credentials };
}

test('everything secret is for one reader only, and the plain passwords stand in one place', async () => {
  const { passwd, credentials } = await installed('pump-1');
  for (const file of ['credentials.json', 'passwd', 'acl']) {
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  }
  expect(Object.keys(credentials?.users ?? {})).toEqual(['viewer', 'operator', 'admin']);
  expect(Object.keys(credentials?.devices ?? {})).toEqual(['my-board', 'pump-1']);
  for (const file of ['acl', 'mosquitto.conf', 'README.md', 'passwd']) {
    const text = file === 'passwd' ? passwd : await readFile(join(folder, file), 'utf8');
    expect(text).not.toContain(credentials?.devices['pump-1']?.password);
  }
});

test('a device that comes later gets its own password; all the others keep theirs', async () => {
  const before = await installed();
  const after = await installed('pump-1');
  expect(after.passwd.startsWith(before.passwd)).toBe(true);
  expect(after.credentials?.users).toEqual(before.credentials?.users);
  expect(after.credentials?.devices['my-board']).toEqual(before.credentials?.devices['my-board']);
  expect(after.lines[0]).toContain('5 sign-ins, 1 of them new');
});

test('credentials that were handed out and deleted do not come back', async () => {
  await installed();
  await rm(join(folder, 'credentials.json'));
  expect((await installed()).credentials).toBeUndefined();
  const { credentials } = await installed('pump-1');
  expect(credentials?.users).toEqual({});
  expect(Object.keys(credentials?.devices ?? {})).toEqual(['pump-1']);
});

test('a device that goes loses its line', async () => {
  await installed('pump-1');
  const { passwd, credentials } = await installed();
  expect(passwd).not.toContain('pump-1');
  expect(credentials?.devices['pump-1']).toBeUndefined();
});

test("somebody else's mosquitto.conf is not overwritten", async () => {
  await writeFile(join(folder, 'mosquitto.conf'), 'listener 1883\n');
  await expect(installed()).rejects.toThrow('was not written by this command: move it away first');
  expect(await readFile(join(folder, 'mosquitto.conf'), 'utf8')).toBe('listener 1883\n');
});

test('the password of the servers of a cluster is for one reader only, handed to nobody, and stays when installed again', async () => {
  const options = { directory: folder, data: join(folder, 'data') };
  const install = async () => {
    await installTarget(nats, await loadPolicy({}), folder, options);
    return readFile(join(folder, 'cluster', 'routes.conf'), 'utf8');
  };
  const routes = await install();
  const password = /password: "([0-9a-f]{40})"/.exec(routes)?.[1];
  expect(routes.match(/nats:.*nats-\d/g)).toEqual(
    [1, 2, 3].map((n) => `nats://telltale-routes:${password}@nats-${n}`),
  );
  expect((await stat(join(folder, 'cluster', 'routes.conf'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(folder, 'credentials.json'), 'utf8')).not.toContain(password);
  expect(await install()).toBe(routes);
});
