import { afterAll, beforeAll, expect, test } from 'vitest';
import { policyDocument, policyTopic } from '../../src/model/policy.ts';
import { connectClient } from '../support/broker-clients.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import type { RunningMosquitto } from '../support/mosquitto.ts';
import { runBrokerConfig } from '../support/run-broker-config.ts';

let broker: RunningMosquitto;

beforeAll(async () => {
  broker = await startMosquitto({ devices: ['pump-1'] });
});
afterAll(() => broker.stop());

function password(username: string): string {
  return broker.credentials.users[username]?.password ?? '';
}

test('after publish, everybody finds exactly their own policy document', async () => {
  const args = ['publish', '--broker', broker.mqtt, '--username', 'admin', '--password', password('admin')];
  const run = await runBrokerConfig(...args, '--devices', 'pump-1');
  expect(run).toEqual({ code: 0, stdout: '5 policy documents accepted by the broker.\n', stderr: '' });

  for (const principal of broker.policy.principals) {
    const { username, id } = principal;
    const credential = id === undefined ? broker.credentials.users[username] : broker.credentials.devices[id];
    const client = await connectClient(broker.mqtt, credential ?? {});
    await client.subscribe('telltale/policy/#');
    const mine = await client.received(({ topic }) => topic === policyTopic(username));
    expect(JSON.parse(mine.payload)).toEqual(policyDocument(principal, broker.policy.limits));
    expect(mine.retain).toBe(true);
    await client.publish('fence', '');
    expect(client.seen).toHaveLength(1);
    await client.end();
  }
});

test('publish by somebody who may not says so and fails', async () => {
  const run = await runBrokerConfig(
    'publish',
    '--broker',
    broker.ws,
    '--username',
    'operator',
    '--password',
    password('operator'),
  );
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/did not take telltale\/policy\/viewer from "operator": .*Not authorized\.\n$/);
});

test('publish with a wrong password, or to a port where nothing listens, is one line', async () => {
  const wrong = await runBrokerConfig('publish', '--broker', broker.mqtt, '--password', 'wrong');
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toBe(
    `${broker.mqtt} refused or did not answer: Connection refused: Not authorized.\n`,
  );
  const nobody = await runBrokerConfig('publish', '--broker', 'mqtt://127.0.0.1:1', '--password', 'x');
  expect(nobody.stderr).toMatch(/^mqtt:\/\/127\.0\.0\.1:1 refused or did not answer: .*ECONNREFUSED.*\n$/);
});
