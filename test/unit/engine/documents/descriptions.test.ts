import { beforeEach, expect, test } from 'vitest';
import { convention } from '../../../../src/conventions/devices.ts';
import { Descriptions } from '../../../../src/engine/documents/descriptions.ts';
import { Reader } from '../../../../src/engine/reading/reader.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeSession, settled } from '../../../support/fake-session.ts';
import { noLocalDescriptions } from '../../../support/no-local-descriptions.ts';

const BOARD = 'devices:board';
const OLD = { name: 'Old' };
const NEW = { name: 'New' };

let clock: FakeClock;
let session: FakeSession | undefined;
let proves: boolean;
let retainedOnWildcards: boolean;
let messageBytes: number | undefined;
let delivers: boolean;
let at: Descriptions;
beforeEach(() => {
  clock = new FakeClock();
  session = new FakeSession();
  proves = true;
  retainedOnWildcards = true;
  messageBytes = undefined;
  delivers = true;
  const reader = new Reader('devices', convention.create({ root: 'devices' }));
  at = new Descriptions(
    {
      clock,
      readers: () => new Map([['devices', reader]]),
      session: () => session,
      pubackProves: () => proves,
      limits: () => ({ packetBytes: undefined, messageBytes }),
      retainedOnWildcards: () => retainedOnWildcards,
      delivers: () => delivers,
    },
    noLocalDescriptions(),
  );
  at.granted();
});

const describe = (document: object | null, over: object | null) =>
  at.describe({ device: BOARD, document, over } as Parameters<Descriptions['describe']>[0]);

async function answered(call: Promise<unknown>, reasonCode = 0): Promise<unknown> {
  await settled();
  session?.sent.at(-1)?.acknowledge(reasonCode);
  return call;
}

test('a description goes out retained, and what the broker answers is worth what it proves', async () => {
  at.take(BOARD, OLD);
  expect(await answered(describe(NEW, OLD))).toBe('accepted');
  expect(session?.sent[0]).toMatchObject({ text: '{"name":"New"}', message: { retain: true, qos: 1 } });
  proves = false;
  expect(await answered(describe(NEW, OLD))).toBe('sent');
});

test('a change of somebody else meanwhile stops it, and nothing is sent', async () => {
  at.take(BOARD, { name: 'Theirs' });
  await expect(describe(NEW, OLD)).rejects.toThrow('somebody else changed the description meanwhile');
  at.take(BOARD, null);
  await expect(describe(NEW, OLD)).rejects.toThrow('somebody else changed');
  expect(session?.sent).toEqual([]);
});

test('what stands there already, also by a repeated call, is not sent again', async () => {
  at.take(BOARD, NEW);
  expect(await describe(NEW, OLD)).toBe('accepted');
  expect(session?.sent).toEqual([]);
});

test('the first description waits until what the broker keeps has come', async () => {
  const call = describe(NEW, null);
  await settled();
  expect(session?.sent).toEqual([]);
  at.take(BOARD, OLD);
  clock.advance(5_000);
  await expect(call).rejects.toThrow('somebody else changed');
});

test('a device that nothing is kept about is described after that time', async () => {
  expect(at.document(BOARD)).toBeUndefined();
  clock.advance(5_000);
  expect(at.document(BOARD)).toBeNull();
  expect(await answered(describe(NEW, null))).toBe('accepted');
});

test('of a broker that keeps back what it keeps, nothing that came is not nothing that stands', () => {
  retainedOnWildcards = false;
  clock.advance(5_000);
  expect(at.document(BOARD)).toBeUndefined();
  at.take(BOARD, null);
  expect(at.document(BOARD)).toBeNull();
});

/** The broker grants the exact topic; the rest of the wait is the test's. */
async function exactTopicGranted(): Promise<void> {
  retainedOnWildcards = false;
  clock.advance(5_000);
  await settled();
  session?.asked[0]?.grant(1);
  await settled();
}

test('a broker that keeps back what it keeps is asked for the one topic: what nobody here had seen stays', async () => {
  const call = describe(NEW, null);
  await exactTopicGranted();
  expect(session?.asked.map(({ filters }) => filters)).toEqual([['devices/board/meta']]);
  at.take(BOARD, OLD);
  clock.advance(5_000);
  await expect(call).rejects.toThrow('somebody else changed');
  expect(session?.dropped).toEqual(['devices/board/meta']);
  expect(session?.sent).toEqual([]);
});

test('such a broker keeps nothing about the device: it is described', async () => {
  const call = describe(NEW, null);
  await exactTopicGranted();
  expect(session?.sent).toEqual([]);
  clock.advance(5_000);
  expect(await answered(call)).toBe('accepted');
});

test('such a broker ends the connection meanwhile: nothing is sent', async () => {
  const call = describe(NEW, null);
  await exactTopicGranted();
  session = new FakeSession();
  clock.advance(5_000);
  await expect(call).rejects.toThrow('there is no link to the broker');
  expect(session.sent).toEqual([]);
});

test('such a broker is not asked for a topic that is not for this sign-in', async () => {
  delivers = false;
  const call = describe(NEW, null);
  await exactTopicGranted();
  expect(session?.asked).toEqual([]);
  expect(await answered(call)).toBe('accepted');
});

test('without a link nothing is sent, and what was heard before does not count on the next one', async () => {
  at.take(BOARD, OLD);
  at.down();
  await expect(describe(NEW, OLD)).rejects.toThrow('there is no link to the broker');
  session = undefined;
  at.granted();
  at.take(BOARD, OLD);
  await expect(describe(NEW, OLD)).rejects.toThrow('there is no link to the broker');
});

test('the link ends while the first description waits: nothing is sent on the next one', async () => {
  const call = describe(NEW, null);
  await settled();
  at.down();
  at.granted();
  await expect(call).rejects.toThrow('there is no link to the broker');
  clock.advance(5_000);
  await settled();
  expect(session?.sent).toEqual([]);
});

test('a refusal names the topic', async () => {
  at.take(BOARD, OLD);
  await expect(answered(describe(NEW, OLD), 0x87)).rejects.toThrow('may not write devices/board/meta');
  await expect(answered(describe(NEW, OLD), 0x97)).rejects.toThrow('0x97');
});

test('a link that ends before the answer leaves open whether it arrived', async () => {
  at.take(BOARD, OLD);
  const call = describe(NEW, OLD);
  await settled();
  session?.sent[0]?.fail();
  await expect(call).rejects.toThrow('is not known');
});

test('a second change waits for the answer to the first', async () => {
  at.take(BOARD, OLD);
  const first = describe(NEW, OLD);
  await expect(describe({ name: 'Third' }, OLD)).rejects.toThrow('is on its way');
  expect(await answered(first)).toBe('accepted');
});

test('a draft for another device keeps the name and the place that stand there', () => {
  const description = { name: 'Mine', kind: 'pump', channels: new Map(), commands: [] };
  const over = { name: 'Theirs', location: 'Roof', kind: 'valve' };
  const kept = at.draft({ device: BOARD, description, over, keepOwn: true });
  expect(kept.document).toEqual({ name: 'Theirs', location: 'Roof', kind: 'pump' });
  expect(at.draft({ device: BOARD, description, keepOwn: true }).document).toEqual({ kind: 'pump' });
});

test('a draft says how long it is and what of it would be left out', () => {
  const description = { name: 'Bö', interval: 0.01, channels: new Map(), commands: [] };
  const draft = at.draft({ device: BOARD, description });
  expect(draft).toMatchObject({ document: { name: 'Bö', interval: 0.01 }, bytes: 30 });
  expect(draft.problems[0]).toContain('"interval"');
  expect(() => at.draft({ device: 'other:x', description })).toThrow('describe themselves only');
});

test('one that is larger than the broker takes is not sent, and says its size', async () => {
  at.take(BOARD, null);
  messageBytes = 4;
  await expect(describe(NEW, null)).rejects.toThrow(/^Not sent: it has \d+ bytes, .* allows 4\.$/);
  expect(session?.sent).toEqual([]);
});
