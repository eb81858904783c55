import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Redeliveries } from '../../../../src/engine/connection/redeliveries.ts';
import { Traffic } from '../../../../src/engine/connection/traffic.ts';
import { openSession, type Session } from '../../../../src/engine/connection/session.ts';
import type { Ending } from '../../../../src/engine/connection/refusal.ts';
import { FakeSocket } from '../../../support/fake-socket.ts';
import { loadMqtt } from '../../../support/load-mqtt.ts';

const PINGREQ = new Uint8Array([0xc0, 0]);
const PINGRESP = [0xd0, 0];
const MESSAGE = [0x30, 4, 0, 1, 0x61, 0x31];
/** CONNECT said 15 s. mqtt.js gives up 7.5 s after its PINGREQ. */
const KEEPALIVE_MS = 15_000;

// mqtt.js reads and writes through streams, which need their ticks.
beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] }),
);
afterEach(() => vi.useRealTimers());

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A session with a broker that says what the test says. */
async function liveSession(protocol: 4 | 5 = 4) {
  const socket = new FakeSocket();
  socket.readyState = 0;
  const endings: Ending[] = [];
  const messages: string[] = [];
  const opening = openSession({
    endpoint: 'ws://broker.test/mqtt',
    protocol,
    clientId: 'tt1',
    credential: { username: 'operator', password: 'secret' },
    keep: 0,
    afresh: false,
    redeliveries: new Redeliveries(),
    traffic: new Traffic(),
    keepalive: KEEPALIVE_MS / 1_000,
    loadMqtt,
    openSocket: () => socket,
    signal: new AbortController().signal,
    now: () => 0,
    onMessage: (topic) => messages.push(topic),
    onTooLarge: () => undefined,
    onHeard: () => undefined,
    onEnd: (ending) => endings.push(ending),
  });
  await turn();
  socket.readyState = 1;
  socket.emit('open');
  await turn();
  const connect = socket.sent.shift();
  socket.frame(protocol === 5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]);
  await turn();
  const result = await opening;
  if (!result.ok) throw new Error(result.ending.reason);
  const session: Session = result.session;
  const pass = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    await turn();
  };
  return { socket, session, endings, messages, connect, pass };
}

test('CONNECT announces under MQTT 5 how much may be sent at once', async () => {
  const { connect } = await liveSession(5);
  const hex = Buffer.from(connect ?? []).toString('hex');
  // Section 3.1.2.11: maximum packet size 1 MB, receive maximum 1000, topic alias maximum 256.
  expect(hex).toContain('2700100000');
  expect(hex).toContain('2103e8');
  expect(hex).toContain('220100');
});

test('a quiet link is pinged, and the answer keeps it', async () => {
  const { socket, endings, pass } = await liveSession();
  for (let i = 0; i < 3; i++) {
    await pass(KEEPALIVE_MS);
    expect(socket.sent).toEqual([PINGREQ]);
    socket.sent.length = 0;
    socket.frame(PINGRESP);
    await turn();
  }
  expect(endings).toEqual([]);
});

test('a full link is not given up because the PINGRESP stands behind the messages, and goes on being pinged', async () => {
  const { socket, endings, messages, pass } = await liveSession();
  for (let i = 0; i < 5; i++) {
    await pass(KEEPALIVE_MS);
    // The broker must hear of us however much it sends [MQTT-3.1.2-23].
    expect(socket.sent).toEqual([PINGREQ]);
    socket.sent.length = 0;
    socket.frame(MESSAGE);
  }
  expect(endings).toEqual([]);
  expect(messages).toHaveLength(5);
});

test('a link on which nothing comes any more is given up', async () => {
  const { socket, endings, pass } = await liveSession();
  socket.frame(MESSAGE);
  await pass(KEEPALIVE_MS);
  await pass(KEEPALIVE_MS / 2);
  socket.emit('close', { code: 1006 });
  await turn();
  await pass(1);
  expect(endings).toMatchObject([{ cause: 'keepalive', retry: true }]);
});

test('bytes that cannot be read end the session with what was wrong', async () => {
  const { socket, endings, pass } = await liveSession(5);
  socket.frame([0x30, 5, 0, 1, 0x23, 0, 0x31]);
  expect(socket.sent).toEqual([new Uint8Array([0xe0, 1, 0x90])]);
  await turn();
  await pass(1);
  expect(endings).toEqual([
    {
      cause: 'closed',
      reason:
        'The broker at ws://broker.test/mqtt sent a message on a topic that cannot be one, so this page closed the ' +
        'connection. Trying again.',
      retry: true,
    },
  ]);
});
