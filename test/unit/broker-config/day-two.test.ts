import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Credentials } from '../../../broker-config/credentials.ts';
import { ROLES_FILE } from '../../../broker-config/load-policy.ts';
import { runCommand } from '../../../broker-config/run-command.ts';
import { target as dynsec } from '../../../broker-config/targets/mosquitto-dynsec.ts';
import { target as mosquitto } from '../../../broker-config/targets/mosquitto.ts';

let folder: string;
let roles: string;
let out: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-day-two-'));
  roles = join(folder, 'roles.yaml');
  out = join(folder, 'etc');
  await copyFile(ROLES_FILE, roles);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const install = (target: string, ...more: string[]) =>
  runCommand(['install', '--target', target, '--out', out, '--roles', roles, ...more]);
const text = (path: string) => readFile(join(out, path), 'utf8');
const credentials = async () => JSON.parse(await text('credentials.json')) as Credentials;
const hashOf = async (username: string) =>
  (await text('passwd')).split('\n').find((line) => line.startsWith(`${username}:`));

test('somebody more is in the roles file, and has a password that is handed out once', async () => {
  await install('mosquitto');
  await rm(join(out, 'credentials.json'));
  const viewer = await hashOf('viewer');
  const lines = await runCommand(['add', 'wall', '--role', 'viewer', '--installed', out]);
  expect(await readFile(roles, 'utf8')).toBe(`${await readFile(ROLES_FILE, 'utf8')}  wall: viewer\n`);
  expect(Object.keys((await credentials()).users)).toEqual(['wall']);
  expect((await stat(join(out, 'credentials.json'))).mode & 0o777).toBe(0o600);
  expect(await text('acl')).toContain('user wall\ntopic read devices/+/telemetry\n');
  expect(await hashOf('viewer')).toBe(viewer);
  expect(lines.slice(-4)).toEqual([
    "Now, on the broker's machine:",
    '  systemctl reload mosquitto',
    'Then, so that the page knows what wall may do:',
    `  npm run broker-config -- publish --broker mqtt://127.0.0.1:1883 --username admin --roles ${roles} --password …`,
  ]);
});

test('install again: a running broker reads it by a reload, but to listen elsewhere it is started anew', async () => {
  const start = `Start it with: mosquitto -c ${out}/mosquitto.conf`;
  expect((await install('mosquitto')).at(-1)).toBe(start);
  const again = await install('mosquitto');
  expect(again.slice(-3)).toEqual([start, 'Or, where it runs already:', '  systemctl reload mosquitto']);
  const moved = await install('mosquitto', '--host', '192.0.2.7');
  expect(moved.slice(-2)).toEqual([start, expect.stringMatching(/a reload is not enough\.$/)]);
  await rm(out, { recursive: true });
  await install('nats');
  expect((await install('nats')).at(-1)).toContain('nats-server --signal reload=');
});

test.each([mosquitto, dynsec])(
  '$name in the folder of its package is started by its service',
  ({ installation }) => {
    expect(installation.start({ directory: '/etc/mosquitto' })).toBe('systemctl restart mosquitto');
  },
);

test.each([
  ['0.0.0.0', 'mqtt://127.0.0.1:2883'],
  ['::', "'mqtt://[::1]:2883'"],
  ['192.0.2.7', 'mqtt://192.0.2.7:2883'],
])(
  'after add, publish goes to a broker on %s by %s, with the devices that install was given',
  async (host, by) => {
    await install('mosquitto', '--host', host, '--port', '2883', '--devices', 'pump-1,pump-2');
    const lines = await runCommand(['add', 'wall', '--role', 'viewer', '--installed', out, '--reload', ':']);
    expect(lines.at(-1)).toContain(` publish --broker ${by} `);
    expect(lines.at(-1)).toContain(' --devices pump-1,pump-2 ');
  },
);

test('a new password is another one, for nobody else, and who hands it out finds it alone', async () => {
  await install('nats');
  const before = await credentials();
  await rm(join(out, 'credentials.json'));
  const [operator, viewer] = [await hashOf('operator'), await hashOf('viewer')];
  const lines = await runCommand(['rotate', 'operator', '--installed', out]);
  expect(await hashOf('operator')).not.toBe(operator);
  expect(await hashOf('viewer')).toBe(viewer);
  const { users, devices } = await credentials();
  expect([Object.keys(users), Object.keys(devices)]).toEqual([['operator'], []]);
  expect(users['operator']?.password).not.toBe(before.users['operator']?.password);
  expect(lines.at(-1)).toBe(`  nats-server --signal reload=${out}/data/nats-server.pid`);
});

test('who is revoked is in no file any more, and on RabbitMQ is deleted, which drops', async () => {
  await install('rabbitmq', '--devices', 'pump-1');
  const lines = await runCommand(['revoke', 'operator', '--installed', out]);
  for (const file of ['definitions.json', 'passwd', 'credentials.json']) {
    expect(await text(file)).not.toContain('"operator"');
  }
  expect(await readFile(roles, 'utf8')).not.toContain('operator: operator');
  expect(lines.slice(-4)).toEqual([
    '  rabbitmqctl delete_user operator',
    `  rabbitmqctl import_definitions ${out}/definitions.json`,
    'What the page was told of operator stays retained, until it is cleared:',
    '  mosquitto_pub -h 127.0.0.1 -p 1883 -u admin -P … -q 1 -r -n -t telltale/policy/operator',
  ]);
});

test.each([
  ['of install', 'pump-1', 'pump-1'],
  ['of the roles file, under a name of its own', 'gate', 'pump-9'],
])('a device %s that is revoked: what is retained under its id is said too', async (_whose, username, id) => {
  await install('mosquitto', '--host', '0.0.0.0', '--port', '2883', '--devices', 'pump-1');
  await runCommand(['add', 'gate', '--role', 'device', '--id', 'pump-9', '--installed', out]);
  const lines = await runCommand(['revoke', username, '--installed', out]);
  expect(lines.at(-3)).toBe(`What is retained under ${id} stays; "decommission ${id}" clears that.`);
  expect(lines.at(-1)).toBe(
    `  mosquitto_pub -h 127.0.0.1 -p 2883 -u admin -P … -q 1 -r -n -t telltale/policy/${username}`,
  );
});

test('revoke without an installed folder leaves the name of the broker open', async () => {
  const lines = await runCommand(['revoke', 'viewer', '--roles', roles]);
  expect(lines.at(-1)).toContain('mosquitto_pub -h HOST -p 1883 -u admin ');
});

test('a device that install was given beside the roles file is kept by later commands, and can be revoked', async () => {
  await install('mosquitto', '--devices', 'pump-1,pump-2', '--witness');
  await runCommand(['add', 'wall', '--role', 'viewer', '--installed', out]);
  expect(await text('acl')).toContain('user pump-1\n');
  await runCommand(['revoke', 'pump-1', '--installed', out]);
  const acl = await text('acl');
  expect(acl).not.toContain('user pump-1\n');
  for (const name of ['pump-2', 'wall', 'telltale-witness']) expect(acl).toContain(`user ${name}\n`);
});

test('an address that install was given for devices is kept by later commands', async () => {
  const listeners = async () => (await text('mosquitto.conf')).match(/^listener .*/gm);
  await install('mosquitto', '--host', '192.0.2.7');
  await runCommand(['add', 'wall', '--role', 'viewer', '--installed', out]);
  await runCommand(['rotate', 'wall', '--installed', out]);
  await runCommand(['revoke', 'wall', '--installed', out]);
  expect(await listeners()).toEqual(['listener 1883 192.0.2.7', 'listener 9001 127.0.0.1']);
});

test('without an installed folder only the roles file changes, and the next step is said', async () => {
  const lines = await runCommand(['add', 'gate', '--role', 'device', '--id', 'pump-9', '--roles', roles]);
  expect(await readFile(roles, 'utf8')).toContain('\n  gate: { role: device, id: pump-9 }\n');
  expect(lines).toEqual([
    `Added gate to ${roles}, with the role device.`,
    'Next: npm run broker-config, and "install" again, or this command with --installed DIR.',
  ]);
});

test('dynamic security is changed by a restart, or by --apply without one', async () => {
  await install('mosquitto-dynsec', '--port', '2883');
  const lines = await runCommand(['revoke', 'viewer', '--installed', out]);
  expect(lines).toContain(`  cp -p ${out}/dynamic-security.json ${out}/data/`);
  expect(lines.join('\n')).toContain('--apply, on a machine that reaches mqtt://127.0.0.1:2883');
});

test('a command of the broker that is not here: the files are written, and what is left to run is said', async () => {
  await install('mosquitto');
  const run = runCommand([
    'revoke',
    'viewer',
    '--installed',
    out,
    '--apply',
    '--reload',
    'echo no such >&2; exit 3',
  ]);
  await expect(run).rejects.toThrow(
    /^The files are written, but "sh -c 'echo no such >&2; exit 3'" failed: no such\.\nRun on the broker's machine:\n/,
  );
  expect(await text('acl')).not.toContain('user viewer');
});

test.each([
  ['no name', ['add', '--role', 'viewer'], /^add needs a username/],
  ['two names', ['revoke', 'a', 'b'], /^One name at a time, not a, b\.$/],
  ['no role', ['add', 'x'], /^add needs --role ROLE; there are viewer, operator, admin, device\.$/],
  ['an unknown role', ['add', 'x', '--role', 'boss'], /^There is no role "boss"; there are /],
  [
    'a name that is taken',
    ['add', 'viewer', '--role', 'admin'],
    /^"viewer" is there already, with the role "viewer"\.$/,
  ],
  [
    'a name that is not safe',
    ['add', 'a.b', '--role', 'viewer'],
    /roles\.yaml:\d+: The username "a\.b" contains "\."/,
  ],
  [
    'an id for a person',
    ['add', 'x', '--role', 'viewer', '--id', 'y'],
    /is for people: take the id of "x" away/,
  ],
  ['somebody who is not there', ['revoke', 'nobody'], /^There is no "nobody" in .*roles\.yaml\.$/],
  ['rotate without a folder', ['rotate', 'viewer'], /^rotate needs --installed DIR/],
  ['apply without a folder', ['revoke', 'viewer', '--apply'], /^--apply and --reload need --installed DIR/],
])('%s: one sentence, and nothing is changed', async (_what, args, sentence) => {
  await expect(runCommand([...args, '--roles', roles])).rejects.toThrow(sentence);
  expect(await readFile(roles, 'utf8')).toBe(await readFile(ROLES_FILE, 'utf8'));
});

test('a folder that install did not write is refused', async () => {
  await expect(runCommand(['revoke', 'viewer', '--installed', folder])).rejects.toThrow(
    'has no installation.json: give the folder that "install" wrote',
  );
});
