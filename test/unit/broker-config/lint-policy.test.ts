import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lint } from '../../../broker-config/commands/lint.ts';

const own = readFileSync('broker-config/roles.yaml', 'utf8');

/** What `lint` says of a roles file with this text. */
async function said(text: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const roles = join(folder, 'roles.yaml');
  writeFileSync(roles, text);
  return (await lint({ roles })).map((line) => line.replace(`${folder}/`, ''));
}

test('our own policy is not unwise', async () => {
  expect(await said(own)).toEqual(['roles.yaml is legal, and nothing in it is unwise.']);
});

const ACK = '      - devices/+/ack\n';
const DEVICE = 'my-board: device';
const OWN_STATUS = '      - devices/{id}/status\n';

/** What is changed, into what, what is said, and the text on the line to which it points. */
test.each([
  ['a viewer who reads commands', ACK, '      - devices/+/cmd\n', /"viewer".*every command/, 'devices/+/cmd'],
  [
    'a viewer who reads the Wi-Fi password',
    ACK,
    '      - devices/+/config\n',
    /"viewer".*every configuration, with the passwords/,
    'devices/+/config',
  ],
  ['a viewer who reads everything', ACK, '      - devices/#\n', /wider than devices need/, 'devices/#'],
  [
    'a device whose client id is free',
    'bind_client_id: true',
    'bind_client_id: false',
    /binds no client id/,
    'bind_client_id: false',
  ],
  [
    'a device whose client id nobody speaks of',
    '    bind_client_id: true\n',
    '',
    /binds no client id/,
    '  device:',
  ],
  [
    'a device that speaks for others',
    OWN_STATUS,
    '      - devices/+/status\n',
    /in the name of others/,
    'devices/+/status',
  ],
  ['a shared sign-in with a bound id', DEVICE, 'fleet: device', /"fleet" sounds shared/, 'fleet: device'],
  [
    'a device that signs in under another name',
    DEVICE,
    'my-board: { role: device, id: pump-1 }',
    /"pump-1" signs in as "my-board"/,
    'id: pump-1',
  ],
  [
    'a device that is called like a client of a person',
    DEVICE,
    'telltale-7: device',
    /looks like the client id of a person/,
    'telltale-7',
  ],
  ['a role that nobody has', '  operator: operator\n', '', /Nobody has the role "operator"/, '  operator:'],
  [
    'a short queue',
    'version: 1',
    'version: 1\nlimits: { queued_messages: 1000 }',
    /cuts a retained snapshot/,
    'queued_messages: 1000',
  ],
  [
    'large messages',
    'version: 1',
    'version: 1\nlimits:\n  message_bytes: 1000000',
    /above 128 KB/,
    'message_bytes: 1000000',
  ],
  [
    'an open endpoint',
    'version: 1',
    'version: 1\nendpoints:\n  - wss://plant.example/mqtt\n  - ws://plant.example/mqtt',
    /use wss/,
    '- ws://plant.example',
  ],
])('%s is warned about, with its line', async (_what, from, to, reason, at) => {
  expect(own).toContain(from);
  const text = own.replace(from, to);
  const line = (await said(text)).find((one) => reason.test(one)) ?? '';
  expect(line).toMatch(/^roles\.yaml:\d+: \S.*\.$/);
  expect(text.split('\n')[Number(line.split(':')[1]) - 1]).toContain(at);
});

test('several warnings come in order of lines', async () => {
  const text = own.replace(ACK, '      - devices/#\n').replace(DEVICE, 'fleet: device');
  const lines = (await said(text)).map((line) => Number(line.split(':')[1]));
  expect(lines.length).toBeGreaterThan(2);
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
});
