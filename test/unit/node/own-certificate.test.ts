import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDataFolder } from '../../../src/node/data-folder.ts';
import { ownCertificate } from '../../../src/node/own-certificate.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'telltale-ca-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const make = (...names: string[]) => ownCertificate(openDataFolder(path), new Set(['localhost', ...names]));

it('is signed by the authority, fits its names and lasts no longer than phones accept', async () => {
  const { cert, ca } = await make('127.0.0.1', '::1', '192.168.1.5', 'box.local');
  const server = new X509Certificate(cert);
  const authority = new X509Certificate(ca!);
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(server.checkIssued(authority)).toBe(true);
  expect([authority.ca, server.ca]).toEqual([true, false]);
  for (const ip of ['127.0.0.1', '::1', '192.168.1.5']) expect(server.checkIP(ip), ip).toBeDefined();
  for (const name of ['localhost', 'box.local']) expect(server.checkHost(name), name).toBeDefined();
  expect(server.checkHost('example.com')).toBeUndefined();
  expect(Date.parse(server.validTo) - Date.parse(server.validFrom)).toBeLessThan(825 * 86_400_000);
});

it('stays the same over starts, and only the server part is renewed for a new address', async () => {
  const first = await make();
  expect(await make()).toEqual(first);
  const moved = await make('10.0.0.7');
  expect(moved.ca).toBe(first.ca);
  expect(moved.cert).not.toBe(first.cert);
});

it('its keys are readable by their owner alone', async () => {
  await make();
  for (const name of ['ca.key', 'server.key']) expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
});

it('a damaged authority is named with what to do', async () => {
  await make();
  writeFileSync(join(path, 'ca.crt'), 'nonsense');
  await expect(make()).rejects.toThrow('ca.crt is damaged; delete it and ca.key');
});
