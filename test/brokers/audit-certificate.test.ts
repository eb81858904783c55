import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WITNESS } from '../../broker-config/with-witness.ts';
import { startDemo } from '../support/demo-stack.ts';
import { runBrokerConfig } from '../support/run-broker-config.ts';

test('a broker whose certificate no authority signed: audit says that and what to do, and has nothing to clear', async () => {
  const demo = await startDemo({ page: false, devices: 0, tls: true });
  const folder = mkdtempSync(join(tmpdir(), 'telltale-audit-'));
  const credentials = join(folder, 'credentials.json');
  const users = { ...demo.users, [WITNESS]: { username: WITNESS, password: 'unused' } };
  writeFileSync(credentials, JSON.stringify({ users, devices: {} }));
  try {
    const args = ['audit', '--yes', '--broker', demo.ws, '--credentials', credentials, '--as', 'viewer'];
    const { code, stderr } = await runBrokerConfig(...args);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^.*wss:.* refused or did not answer: .*NODE_EXTRA_CA_CERTS\.$/),
    ]);
    expect(stderr).not.toContain('cleared');
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await demo.stop();
  }
}, 90_000);
