import 'fake-indexeddb/auto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fleetIds, FLEET_KINDS } from '../../src/demo/fleet-ids.ts';
import type { BrokerProfile, Credential } from '../../src/model/broker.ts';
import type { Command, Outcome } from '../../src/model/command.ts';
import type { CommandDescription } from '../../src/model/device.ts';
import { formFields } from '../../src/ui/pages/device/form-fields.ts';
import { commandWords } from '../../src/ui/words/command-words.ts';
import { startDemo } from '../support/demo-stack.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { testEngine } from '../support/test-engine.ts';
import { TestPage } from '../support/test-page.ts';
import { connectWebClient } from '../support/web-client.ts';

/** One device of each kind. */
const IDS = fleetIds(13);
/** Whose device each test plays itself. */
const SPARE = 'my-board';

interface Place {
  readonly ws: string;
  readonly mqtt: string;
  readonly credential: (username: string) => Credential;
  readonly stop: () => Promise<unknown>;
}

async function demo(): Promise<Place> {
  const stack = await startDemo({ devices: IDS.length, seed: 1, page: false });
  return {
    ws: stack.ws,
    mqtt: stack.mqtt,
    credential: (username) => known(stack.users[username] ?? stack.devices[username], username),
    stop: () => stack.stop(),
  };
}

async function mosquitto(): Promise<Place> {
  const broker = await startMosquitto({ devices: [...IDS, SPARE] });
  const { users, devices } = broker.credentials;
  const file = join(broker.folder, 'devices.json');
  writeFileSync(file, JSON.stringify(devices));
  // A process of its own: mqtt.js decides once in a process whether it has Node's transports, and the engine has not.
  const fleet = fork(
    'src/node/simulate.ts',
    ['--broker', broker.mqtt, '--devices', `${IDS.length}`, '--seed', '1', '--credentials', file],
    { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  await once(fleet, 'message');
  return {
    ws: broker.ws,
    mqtt: broker.mqtt,
    credential: (username) => known(users[username] ?? devices[username], username),
    stop: async () => {
      fleet.kill();
      await once(fleet, 'exit');
      await broker.stop();
    },
  };
}

function known(credential: Credential | undefined, username: string): Credential {
  if (!credential) throw new Error(`There is no credential for ${username}.`);
  return credential;
}

/** Arguments that fit a command, as a person fills in its form. */
function someArgs({ args }: CommandDescription): Record<string, unknown> {
  const fields = formFields(args) ?? [];
  return Object.fromEntries(
    fields.map((field) => {
      const name = field.path[0] ?? '';
      if (field.kind === 'list') return [name, []];
      return [
        name,
        field.kind === 'boolean' ? true : field.kind === 'choice' ? field.choices[0] : (field.max ?? 1),
      ];
    }),
  );
}

interface BrokerUnderTest {
  readonly start: () => Promise<Place>;
  readonly profile: Pick<BrokerProfile, 'kind' | 'protocol'>;
  readonly protocol: 4 | 5;
  /** What a command reads whose PUBACK came, and whose device has not answered. */
  readonly taken: Outcome;
}

const BROKERS = new Map<string, BrokerUnderTest>([
  ['the demo broker', { start: demo, profile: { kind: 'aedes' }, protocol: 4, taken: 'accepted' }],
  [
    'Mosquitto over MQTT 5',
    { start: mosquitto, profile: { kind: 'mosquitto', protocol: 5 }, protocol: 5, taken: 'accepted' },
  ],
  [
    'Mosquitto over MQTT 3.1.1',
    { start: mosquitto, profile: { kind: 'mosquitto', protocol: 4 }, protocol: 4, taken: 'sent' },
  ],
]);

let homes = 0;

function outcomesOn({ start, profile, protocol, taken }: BrokerUnderTest): void {
  let place: Place;
  let proxy: FaultProxy;
  let page: TestPage;
  let board: MqttClient;
  /** What came to the spare device, in order. */
  const came: { id: string; name: string }[] = [];
  const running: { stop(): unknown }[] = [];

  async function openPage(username: string): Promise<TestPage> {
    const engine = await testEngine();
    running.push(engine);
    const opened = new TestPage(engine);
    await opened.call('signIn', {
      base: `/outcomes-${++homes}/`,
      profile: { name: 'test', urls: [proxy.url], root: 'devices', ...profile },
      username,
      credential: place.credential(username),
    });
    await opened.until('every subscription is granted', () =>
      opened.latest.subscriptions?.every(({ state }) => state.startsWith('granted')),
    );
    return opened;
  }

  beforeAll(async () => {
    place = await start();
    proxy = await FaultProxy.start(Number(new URL(place.ws).port));
    board = await connectWebClient(place.ws, {
      ...place.credential(SPARE),
      clientId: SPARE,
      protocolVersion: protocol,
    });
    board.on('message', (_topic, payload) => void came.push(JSON.parse(payload.toString())));
    await board.subscribeAsync(`devices/${SPARE}/cmd`, { qos: 1 });
    await board.publishAsync(`devices/${SPARE}/status`, '{"online":true}', { qos: 1, retain: true });
    page = await openPage('operator');
    await page.until('the spare device', () => page.device(SPARE));
  }, 60_000);

  afterAll(async () => {
    for (const one of running.reverse()) await one.stop();
    await board.endAsync(true);
    await proxy.stop();
    await place.stop();
  });

  const send = (name: string, ttl = 60) =>
    page.call('send', { device: `devices:${SPARE}`, name, args: {}, ttl });
  const became = (id: string, ...outcomes: Outcome[]) =>
    page.until(`${id} is ${outcomes.join(' or ')}`, () => {
      const command = page.commands.get(id);
      return command && outcomes.includes(command.outcome) ? command : undefined;
    });
  const arrived = (id: string) => vi.waitFor(() => expect(came.map((one) => one.id)).toContain(id));
  const answer = (ack: { id: string; ok: boolean; result?: unknown; error?: string }) =>
    board.publishAsync(`devices/${SPARE}/ack`, JSON.stringify(ack), { qos: 1 });

  test('every command of every kind of the demo fleet, by its answer or seen in its telemetry', async () => {
    await page.until('the fleet describes itself', () =>
      IDS.every((id) => page.device(id)?.description || id.startsWith('sketch')),
    );
    const sent = new Map<string, Command>();
    for (const id of IDS) {
      const row = page.device(id);
      for (const command of row?.description?.commands ?? []) {
        const { name, confirms } = command;
        const request = { device: row?.key ?? '', name, args: someArgs(command), ttl: 5 };
        sent.set(`${id} ${name}`, await page.call('send', { ...request, ...(confirms && { confirms }) }));
      }
    }
    // All but the sketch, which describes none.
    expect(new Set([...sent.keys()].map((what) => what.split('-')[0])).size).toBe(FLEET_KINDS.length - 1);
    const outcomes = new Map<string, Outcome>();
    for (const [what, { id }] of sent) {
      const { outcome, provenBy } = await became(id, 'done', 'failed', 'unanswered', 'refused', 'expired');
      outcomes.set(what, outcome);
      if (what === 'lamp-1 on' || what === 'lamp-1 off') expect(provenBy).toBe('telemetry');
    }
    const expected = [...sent.keys()].map((what): [string, Outcome] => {
      // The lamp never answers, and nothing of its telemetry is said to prove this one.
      return [what, what === 'lamp-1 dim' ? 'unanswered' : 'done'];
    });
    expect([...outcomes]).toEqual(expected);
  }, 30_000);

  test('a device answers after the deadline: unanswered first, then done and late', async () => {
    const { id, deadline } = await send('slow', 1);
    await arrived(id);
    const before = await became(id, 'unanswered');
    expect(commandWords(before)).toMatch(/did not answer by/);
    await answer({ id, ok: true });
    const after = await became(id, 'done');
    expect(page.outcomes.get(id)).toEqual(expect.arrayContaining(['unanswered', 'done']));
    expect(after.settledAt).toBeGreaterThan(deadline);
    expect(commandWords(after)).toMatch(/^Done, the device answered after .* past its deadline\.$/);
  });

  test('a device answers twice: the first answer stands', async () => {
    const { id } = await send('twice');
    await arrived(id);
    await answer({ id, ok: true, result: 1 });
    const first = await became(id, 'done');
    await answer({ id, ok: false, error: 'Never mind.' });
    // Behind it on the same connections: when this one is settled, the second answer has been read.
    const next = await send('next');
    await arrived(next.id);
    await answer({ id: next.id, ok: true });
    await became(next.id, 'done');
    expect(page.commands.get(id)).toEqual(first);
    expect(page.outcomes.get(id)?.filter((outcome) => outcome === 'failed')).toEqual([]);
  });

  test('a device answers with an error: failed, in its words', async () => {
    const { id } = await send('fail');
    await arrived(id);
    await answer({ id, ok: false, error: 'The valve is stuck.' });
    expect(commandWords(await became(id, 'failed'))).toMatch(/The valve is stuck\.$/);
  });

  test('a device never answers: unanswered at the deadline, and no more is claimed', async () => {
    const { id } = await send('silence', 1);
    await arrived(id);
    const command = await became(id, 'unanswered');
    expect(command.settledAt).toBeGreaterThanOrEqual(command.deadline - 20);
    expect(page.outcomes.get(id)).not.toContain('done');
    expect(commandWords(command).includes('may still arrive late')).toBe(protocol === 4);
  });

  test('the broker refuses: it says so where it says anything, and the device never sees it', async () => {
    const viewer = await openPage('viewer');
    await viewer.until('the spare device', () => viewer.device(SPARE));
    const { id } = await viewer.call('send', {
      device: `devices:${SPARE}`,
      name: 'forbidden',
      args: {},
      ttl: 3,
    });
    const settled = await viewer.until(
      'it is settled',
      () => {
        const command = viewer.commands.get(id);
        return command?.settledAt === undefined ? undefined : command;
      },
      20_000,
    );
    // Mosquitto acknowledges under 3.1.1 what it drops, and nobody may claim to know better.
    expect(settled.outcome).toBe(taken === 'sent' ? 'unanswered' : 'refused');
    expect(viewer.outcomes.get(id)).not.toContain('accepted');
    const next = await send('behind it');
    await arrived(next.id);
    expect(came.map((one) => one.name)).not.toContain('forbidden');
  }, 30_000);

  test('the link drops between publish and PUBACK: one effect, and unconfirmed until the device answers', async () => {
    const effects: string[] = [];
    const done = new Set<string>();
    // A device as the contract has it: what it has done already, it only answers again.
    const act = (_topic: string, payload: Buffer) => {
      const { id, name } = JSON.parse(payload.toString()) as { id: string; name: string };
      if (name !== 'count') return;
      if (!done.has(id)) effects.push(id);
      done.add(id);
    };
    board.on('message', act);
    const [swallowed, resets] = [proxy.counts.swallowed, proxy.counts.resets];
    proxy.dig('to-client');
    const { id } = await send('count');
    await vi.waitFor(() => expect(effects).toEqual([id]));
    await vi.waitFor(() => expect(proxy.counts.swallowed).toBeGreaterThan(swallowed));
    const unconfirmed = page.commands.get(id);
    expect(unconfirmed?.outcome).toBe('sent');
    expect(unconfirmed && commandWords(unconfirmed)).toBe('Sent, not confirmed.');
    proxy.heal(true);
    proxy.reset();
    expect(proxy.counts.resets).toBeGreaterThan(resets);
    await vi.waitFor(() => expect(came.filter((one) => one.id === id)).toHaveLength(2), 20_000);
    const again = await page.until('the PUBACK of the second', () => {
      const command = page.commands.get(id);
      return command?.pubackAt === undefined ? undefined : command;
    });
    expect(again).toMatchObject({ outcome: taken, attempts: 2 });
    expect(page.outcomes.get(id)).not.toContain('done');
    await answer({ id, ok: true, result: { count: effects.length } });
    expect((await became(id, 'done')).result).toEqual({ count: 1 });
    expect(effects).toEqual([id]);
    board.off('message', act);
  }, 40_000);
}

// On all of them at the same time: most of it is waiting for deadlines.
describe.concurrent.each([...BROKERS])('%s', (_name, broker) => {
  describe.sequential('one after the other', () => outcomesOn(broker));
});
