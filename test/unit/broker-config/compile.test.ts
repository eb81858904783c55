import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../broker-config/run-command.ts';
import { UserError } from '../../../broker-config/user-error.ts';
import { runBrokerConfig } from '../../support/run-broker-config.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-cli-'));
  await writeFile(join(folder, 'file'), '');
  await writeFile(
    join(folder, 'roles.yaml'),
    'version: 1\ntopics:\n  root: d\nroles: {}\nprincipals:\n  a.b: x\n',
  );
  await writeFile(join(folder, 'ids.txt'), '# the hall\npump-1\n\npump-2 # spare\n');
  await writeFile(join(folder, 'bad.json'), '[1');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the command line would say on stderr and end with. */
async function refusalOf(...args: readonly string[]): Promise<UserError> {
  const outcome: unknown = await runCommand(args).catch((error: unknown) => error);
  if (outcome instanceof UserError) return outcome;
  throw new Error(`Not refused: ${String(outcome)}`);
}

const install = ['install', '--target', 'mosquitto'];

test.each([
  ['a command that is not there', ['explain'], 2, /^There is no command "explain"; .*\n$/],
  ['a flag that is not there', ['--chekc'], 2, /^Unknown option '--chekc'\..*\n$/],
  ['a flag of another command', ['--check', '--out', 'x'], 2, /^Unknown option '--out'\..*\n$/],
  ['no target', ['install', '--out', 'x'], 2, /^install needs --target NAME.*\n$/],
  [
    'another target',
    ['install', '--target', 'demo', '--out', 'x'],
    2,
    /^install does not know the target "demo".*\n$/,
  ],
  ['no folder', install, 2, /^install needs --out DIR.*\n$/],
  [
    'a port that is none',
    [...install, '--out', 'x', '--port', '70000'],
    2,
    /^--port must be a port .*"70000"\.\n$/,
  ],
  [
    'a host by name',
    [...install, '--out', 'x', '--host', 'localhost'],
    2,
    /^--host must be an IP address.*\n$/,
  ],
  ['no broker', ['publish', '--password', 'x'], 2, /^publish needs --broker.*\n$/],
  ['no password', ['publish', '--broker', 'mqtt://127.0.0.1:1'], 2, /^publish needs --password.*\n$/],
  [
    'an address that is none',
    ['publish', '--broker', 'localhost', '--password', 'x'],
    2,
    /^"localhost" is not the address.*\n$/,
  ],
])('%s: one line on stderr', async (_what, args, code, stderr) => {
  const { message, exitCode } = await refusalOf(...args);
  expect(`${message}\n`).toMatch(stderr);
  expect(exitCode).toBe(code);
});

test('a folder that cannot be made, a roles file that is wrong, a device list that is wrong', async () => {
  const unwritable = await refusalOf(...install, '--out', join(folder, 'file/inside'));
  expect(unwritable.message).toMatch(/file\/inside cannot be written: .*$/);
  const out = ['--out', join(folder, 'out')];
  const roles = await refusalOf(...install, ...out, '--roles', join(folder, 'roles.yaml'));
  expect(roles.message.split('\n')).toHaveLength(2);
  expect(roles.message).toMatch(/^.*roles\.yaml:6: The username "a\.b" contains/);
  const missing = await refusalOf(...install, ...out, '--roles', join(folder, 'none.yaml'));
  expect(missing.message).toMatch(/^The roles file .*none\.yaml cannot be read: .*$/);
  const list = await refusalOf(...install, ...out, '--devices', join(folder, 'bad.json'));
  expect(list.message).toMatch(/^The device list .*bad\.json must be .*$/);
  const id = await refusalOf(...install, ...out, '--devices', 'pump-1,a b');
  expect(id.message).toBe(
    'The device id "a b" contains a space, which is a wildcard or a separator on some brokers.',
  );
  for (const { exitCode } of [unwritable, roles, missing, list, id]) expect(exitCode).toBe(1);
});

test('install takes devices from a list and says what to do next', async () => {
  const out = join(folder, 'good');
  const run = await runBrokerConfig(...install, '--out', out, '--devices', join(folder, 'ids.txt'));
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain(`Wrote ${out}: 6 sign-ins, 6 of them new.`);
  expect(run.stdout).toContain(`Start it with: mosquitto -c ${join(out, 'mosquitto.conf')}`);
});

test('a refusal reaches the shell as its line and its exit code', async () => {
  const run = await runBrokerConfig('--chekc');
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(/^Unknown option '--chekc'\..*\n$/);
});

test('--check says that nothing has drifted', async () => {
  expect(await runBrokerConfig('--check')).toMatchObject({ code: 0, stderr: '' });
});

test.each(['a/b', '+', 'a.b', '$&', ''])(
  'no device "%s" is taken out: its topics would be others',
  async (id) => {
    const refusal = await refusalOf('decommission', id, '--broker', 'mqtt://127.0.0.1:1', '--password', 'x');
    expect(refusal.exitCode).toBe(2);
    expect(refusal.message).toMatch(/^The device id ".*" (contains|is not) .*\.$/);
  },
);
