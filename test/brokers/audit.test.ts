import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectedRows } from '../../broker-config/expected.ts';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { WITNESS } from '../../broker-config/with-witness.ts';
import type { Policy } from '../../src/model/policy.ts';
import { connectClient } from '../support/broker-clients.ts';
import { administer, type Administrator } from '../support/brokers/administrator.ts';
import { onEachBroker } from '../support/brokers/on-each-broker.ts';

const PROBE_ID = 'telltale-probe';
const PROBE = `devices/${PROBE_ID}`;

onEachBroker((name, start) => {
  let admin: Administrator;
  beforeAll(async () => {
    admin = await administer(name, start, ['pump-1', PROBE_ID]);
  }, 90_000);
  afterAll(() => admin.stop(), 30_000);

  const audit = (...args: readonly string[]) =>
    admin.tries(
      ...['audit', '--broker', admin.broker.ws, '--roles', admin.roles, '--devices', `pump-1,${PROBE_ID}`],
      ...['--credentials', join(admin.broker.folder, 'credentials.json'), ...args],
    );

  test('nobody can be asked and nobody said yes: nothing is published, and what would be is listed', async () => {
    const { code, stderr } = await audit();
    expect(code).toBe(2);
    expect(stderr).toContain(`${PROBE}/cmd`);
  }, 30_000);

  test('a broker that does what the policy says: no difference, and nothing is left behind', async () => {
    const { code, stdout, stderr } = await audit(
      '--yes',
      '--json',
      '--as',
      `viewer,operator,admin,${PROBE_ID}`,
    );
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout);
    expect(report.differences).toEqual([]);
    expect(report.tried).toBeGreaterThan(100);
    expect(report.notTried).toHaveLength(2);
    const all = expectedRows(await loadPolicy({ file: admin.roles, devices: ['pump-1', PROBE_ID] })).length;
    const sum = report.notTried.reduce(
      (rows: number, one: { rows: number }) => rows + one.rows,
      report.tried,
    );
    expect(sum).toBe(all);
    const witness = await connectClient(admin.broker.ws, admin.broker.credential(WITNESS), { version: 4 });
    await witness.subscribe('#', `${PROBE}/status`, `${PROBE}/cmd`, `${PROBE}/meta`);
    await witness.publish('elsewhere/fence', 'that was all');
    await witness.received(({ payload }) => payload === 'that was all');
    expect(witness.seen.filter(({ retain }) => retain)).toEqual([]);
    await witness.end();
  }, 90_000);

  test('one right too many and one too few: exactly these are found', async () => {
    const change = (policy: Policy): Policy => ({
      ...policy,
      principals: policy.principals.map((one) => {
        if (one.username === 'viewer') return { ...one, publish: [...one.publish, 'devices/+/cmd'] };
        if (one.username === PROBE_ID)
          return { ...one, publish: one.publish.filter((filter) => filter !== `${PROBE}/telemetry`) };
        if (one.username !== 'operator') return one;
        return { ...one, subscribe: one.subscribe.filter((filter) => filter !== 'devices/+/ack') };
      }),
    });
    // Whoever is put out reads the new rights when it comes again; nobody is connected here.
    await admin.broker.apply(change(admin.broker.policy));
    const { code, stderr } = await audit('--yes', '--as', `viewer,operator,pump-1,${PROBE_ID}`);
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(lines.filter((line) => line.includes('by the policy')).sort()).toEqual(
      [
        `operator cannot read ${PROBE}/ack; by the policy it may.`,
        `viewer can clear ${PROBE}/cmd; by the policy it may not.`,
        `viewer can publish to ${PROBE}/cmd; by the policy it may not.`,
        `${PROBE_ID} cannot publish to ${PROBE}/telemetry; by the policy it may.`,
        `${PROBE_ID} cannot clear ${PROBE}/telemetry; by the policy it may.`,
      ].sort(),
    );
    expect(lines.at(-1)).toMatch(/^5 of \d+ rows differ/);
  }, 90_000);
});
