import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Principal } from '../../../src/model/policy.ts';
import { loadCredentials } from '../../../src/node/credentials.ts';
import { openDataFolder } from '../../../src/node/data-folder.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'telltale-credentials-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const nothing = { subscribe: [], publish: [], clearRetained: false };
const viewer: Principal = { ...nothing, username: 'viewer', role: 'viewer' };
const pump: Principal = { ...nothing, username: 'pump-1', role: 'device', id: 'pump-1' };
const load = (...principals: Principal[]) => loadCredentials(openDataFolder(path), principals);

it('people get words that can be typed, devices 128 bits', () => {
  const { users, devices } = load(viewer, pump);
  expect(users.get('viewer')?.password).toMatch(/^[a-z]{5}(-[a-z]{5}){3}$/);
  expect(devices.get('pump-1')?.password).toMatch(/^[0-9a-f]{32}$/);
});

it('they stay the same, also for a device that was not there in between', () => {
  const first = load(viewer, pump);
  expect(load(viewer).users).toEqual(first.users);
  expect(load(viewer, pump)).toEqual(first);
});

it('the file is for its owner alone and says that it is in clear text', () => {
  load(viewer);
  const file = join(path, 'credentials.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('clear text');
});

it.each(['{', 'null', '{}', '{"passwords":{"viewer":7}}', '{"passwords":{"viewer":""}}'])(
  'a damaged file (%s) is named with what to do',
  (text) => {
    writeFileSync(join(path, 'credentials.json'), text);
    expect(() => load(viewer)).toThrow('credentials.json is damaged; delete it');
  },
);
