import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../../src/engine/connection/packet-cutter.ts';
import { Tap, TAP_LIMITS } from '../../../../src/engine/connection/tap.ts';
import { Traffic } from '../../../../src/engine/connection/traffic.ts';
import { FakeSocket } from '../../../support/fake-socket.ts';
import { frames, oracle, packetStreams, written, type ReadPublish } from '../../../support/packet-streams.ts';

const CONNACK = { 4: [0x20, 2, 0, 0], 5: [0x20, 3, 0, 0, 0] };

/** A tap on a socket that the broker has greeted, and what comes out of it. */
function tapped(protocol: 4 | 5, { greeted = true } = {}) {
  const socket = new FakeSocket();
  const published: ReadPublish[] = [];
  const payloads: Uint8Array[] = [];
  const acknowledge: (() => void)[] = [];
  const handedOn: Uint8Array[] = [];
  const faults: Fault[] = [];
  const tooLarge: [topic: string, bytes: number][] = [];
  const traffic = new Traffic();
  const tap = new Tap(socket, {
    protocol,
    traffic,
    now: () => 1_790_000_000_000,
    onMessage: (topic, payload, { retain, qos, dup, correlationData, by }, done) => {
      published.push({
        topic,
        payload: Buffer.from(payload).toString('hex'),
        qos,
        retain,
        dup,
        id: 0,
        correlationData: correlationData && Buffer.from(correlationData).toString('hex'),
        by: by && Buffer.from(by).toString(),
      });
      payloads.push(payload);
      if (done) acknowledge.push(done);
    },
    onTooLarge: (topic, bytes, done) => {
      tooLarge.push([topic, bytes]);
      if (done) acknowledge.push(done);
    },
    onHeard: () => undefined,
    onFault: (fault) => faults.push(fault),
    onClose: () => undefined,
  });
  tap.addEventListener('message', ({ data }) => handedOn.push(new Uint8Array(data as ArrayBuffer)));
  if (greeted) socket.frame(CONNACK[protocol]);
  handedOn.length = 0;
  return { tap, traffic, socket, published, payloads, acknowledge, handedOn, faults, tooLarge };
}

const joined = (parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
/** A PUBLISH of QoS 1 under 3.1.1 with one letter as its topic. */
const qos1 = (id: number, flags = 0) => [0x32 | flags, 6, 0, 1, 0x61, id >> 8, id & 0xff, 0x7b];

test.each([4, 5] as const)(
  'any stream of MQTT %i, cut anywhere, reads as mqtt.js would read it',
  (protocol) => {
    const cases = packetStreams(protocol).chain((packets) => {
      const bytes = packets.map((packet) => written(packet, protocol));
      return fc.tuple(fc.constant({ packets, bytes }), frames(joined(bytes)));
    });
    fc.assert(
      fc.property(cases, ([{ packets, bytes }, pieces]) => {
        const { socket, published, handedOn, faults } = tapped(protocol);
        for (const piece of pieces) socket.frame(piece);
        const isOurs = (i: number) => {
          const packet = packets[i];
          return packet?.cmd === 'publish' && packet.qos < 2;
        };
        // A packet that comes again with DUP before its first copy is acknowledged is the same message.
        const waiting = new Set<number>();
        const expected = bytes
          .filter((_, i) => isOurs(i))
          .map((packet) => oracle(packet, protocol))
          .filter(({ qos, dup, id }) => {
            const again = qos === 1 && dup && waiting.has(id);
            if (qos === 1) waiting.add(id);
            return !again;
          });
        expect(faults).toEqual([]);
        expect(published).toEqual(expected.map((publish) => ({ ...publish, id: 0 })));
        expect(handedOn).toEqual(bytes.filter((_, i) => !isOurs(i)));
      }),
      { numRuns: 300 },
    );
  },
);

test.each([4, 5] as const)(
  'no bytes of MQTT %i make it throw, and what it reads lies inside them',
  (protocol) => {
    const hostile = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        // Headers of messages, so that more than the first byte is looked at.
        fc
          .tuple(fc.integer({ min: 0x30, max: 0x3f }), fc.nat(60), fc.uint8Array({ maxLength: 60 }))
          .map(([header, length, body]) => new Uint8Array([header, length, ...body])),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(hostile, (pieces) => {
        const { socket, published, payloads, faults } = tapped(protocol);
        for (const piece of pieces) socket.frame(piece);
        const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
        expect(payloads.reduce((sum, payload) => sum + payload.length, 0)).toBeLessThanOrEqual(bytes);
        expect(faults.length).toBeLessThanOrEqual(1);
        expect(socket.readyState).toBe(faults.length === 0 ? 1 : 2);
        for (const { topic } of published) expect(topic).not.toMatch(/[+#\0]/);
      }),
      { numRuns: 2_000 },
    );
  },
);

test.each([
  ['a length of five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 1], 'a packet whose length cannot be read', 0x81],
  [
    'a length of 256 MB of something else than a message',
    [0x90, 0xff, 0xff, 0xff, 0x7f],
    'a packet of 268435460 bytes; at most 1048576 are taken',
    0x95,
  ],
  [
    'a topic of half a character',
    [0x30, 4, 0, 2, 0x61, 0xc3],
    'a message on a topic that cannot be one',
    0x90,
  ],
  [
    'a wildcard in a topic',
    [0x30, 5, 0, 3, 0x61, 0x2f, 0x23],
    'a message on a topic that cannot be one',
    0x90,
  ],
  ['a NUL in a topic', [0x30, 4, 0, 2, 0x61, 0], 'a message on a topic that cannot be one', 0x90],
  ['a topic longer than its packet', [0x30, 3, 0, 9, 0x61], 'a message that ends before its topic', 0x81],
  ['no topic', [0x30, 2, 0, 0], 'a message without a topic', 0x82],
  [
    'a quality of service of 3',
    [0x36, 5, 0, 1, 0x61, 0, 1],
    'a message with a quality of service of 3',
    0x81,
  ],
  ['a packet id of 0', [0x32, 5, 0, 1, 0x61, 0, 0], 'a message to be acknowledged without a number', 0x82],
])('%s ends the connection and says so', (_what, bytes, what, code) => {
  const old = tapped(4);
  old.socket.frame(bytes);
  expect(old.faults).toEqual([{ what: expect.stringContaining(what), code }]);
  expect(old.socket.readyState).toBe(2);
  expect(old.socket.sent).toEqual([]);
  // Under MQTT 5 an empty property list belongs behind the topic, or what is wrong comes before it.
  const withProperties = [...bytes, 0];
  if (bytes.length === (bytes[1] ?? 0) + 2) withProperties[1] = (bytes[1] ?? 0) + 1;
  const { socket, faults, handedOn } = tapped(5);
  socket.frame(withProperties);
  expect(faults).toHaveLength(1);
  expect(socket.sent).toEqual([new Uint8Array([0xe0, 1, code])]);
  // Nothing is read behind a fault.
  socket.frame([0xd0, 0]);
  expect(handedOn).toEqual([]);
});

/** A PUBLISH of QoS 1 on the topic `a` under packet id 9 that is `over` bytes larger than may be. */
function packetOver(over: number): Uint8Array {
  const size = TAP_LIMITS.maximumPacketSize + over;
  const packet = new Uint8Array(size);
  const length = size - 4;
  packet.set([0x32, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14, 0, 1, 0x61, 0, 9]);
  return packet;
}

describe.each([1_000, 65_536, 1_000_000, 4_000_000])('a large packet in pieces of %i bytes', (piece) => {
  const push = (socket: FakeSocket, bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += piece) socket.frame(bytes.subarray(at, at + piece));
  };

  test('is taken up to the largest size', () => {
    const { socket, published, tooLarge } = tapped(4);
    push(socket, packetOver(0));
    expect(published[0]?.payload).toHaveLength((TAP_LIMITS.maximumPacketSize - 9) * 2);
    expect(tooLarge).toEqual([]);
  });

  test.each([1, 300_000])(
    'under 3.1.1 is passed over when it is %i larger, and what follows is read',
    async (over) => {
      const { socket, published, tooLarge, acknowledge, faults } = tapped(4);
      push(socket, joined([packetOver(over), new Uint8Array(qos1(2))]));
      expect(tooLarge).toEqual([['a', TAP_LIMITS.maximumPacketSize + over]]);
      expect(published.map(({ payload }) => payload)).toEqual(['7b']);
      expect(faults).toEqual([]);
      for (const done of acknowledge) done();
      await Promise.resolve();
      expect(socket.sent).toEqual([new Uint8Array([0x40, 2, 0, 9, 0x40, 2, 0, 2])]);
    },
  );

  test('under MQTT 5, where the broker was told, ends the connection', () => {
    const { socket, tooLarge, faults } = tapped(5);
    push(socket, packetOver(1));
    expect(tooLarge).toEqual([]);
    expect(faults).toEqual([{ what: expect.stringContaining('at most 1048576 are taken'), code: 0x95 }]);
  });
});

test('a text frame ends the connection', () => {
  const { socket, faults } = tapped(4);
  socket.emit('message', { data: 'hello' });
  expect(faults[0]?.what).toBe('a text frame');
});

test('before the CONNACK everything goes to mqtt.js', () => {
  const { socket, published, handedOn } = tapped(4, { greeted: false });
  const publish = [0x30, 4, 0, 1, 0x61, 0x31];
  socket.frame([...publish, ...CONNACK[4], ...publish]);
  expect(handedOn).toEqual([new Uint8Array(publish), new Uint8Array(CONNACK[4])]);
  expect(published).toHaveLength(1);
});

test('a payload is a view into its frame, and a copy only when it came in pieces', () => {
  const { socket, payloads } = tapped(4);
  socket.frame([...qos1(1), ...qos1(2)]);
  expect(payloads[0]?.buffer).toBe(payloads[1]?.buffer);
  socket.frame(qos1(3).slice(0, 5));
  socket.frame(qos1(3).slice(5));
  expect(payloads[2]).toEqual(new Uint8Array([0x7b]));
});

test('acknowledgements of one turn leave together, in order, and only when they are given', async () => {
  const { socket, acknowledge } = tapped(4);
  socket.frame([...qos1(0x101), ...qos1(2), ...qos1(3)]);
  await Promise.resolve();
  expect(socket.sent).toEqual([]);
  acknowledge[0]?.();
  acknowledge[1]?.();
  await Promise.resolve();
  expect(socket.sent).toEqual([new Uint8Array([0x40, 2, 1, 1, 0x40, 2, 0, 2])]);
});

test('a message that comes again before it is acknowledged is one; after that it is another', async () => {
  const { socket, published, acknowledge } = tapped(4);
  const DUP = 8;
  socket.frame(qos1(1));
  socket.frame(qos1(1, DUP));
  expect(published).toHaveLength(1);
  acknowledge[0]?.();
  await Promise.resolve();
  expect(socket.sent).toEqual([new Uint8Array([0x40, 2, 0, 1])]);
  socket.frame(qos1(1, DUP));
  // Equal, but not sent again: two readings.
  socket.frame(qos1(2));
  expect(published).toHaveLength(3);
});

test('an acknowledgement after the end goes nowhere', async () => {
  const { tap, socket, acknowledge } = tapped(4);
  socket.frame([...qos1(1), ...qos1(2)]);
  acknowledge[0]?.();
  tap.close();
  acknowledge[1]?.();
  await Promise.resolve();
  expect(socket.sent).toEqual([]);
});

test('a topic alias stands for its topic until it is given another, also in what goes on to mqtt.js', () => {
  const { socket, published, handedOn, faults } = tapped(5);
  const alias = (topic: string, header = 0x30, id: number[] = []) => {
    const name = [...Buffer.from(topic)];
    const body = [0, name.length, ...name, ...id, 3, 0x23, 0, 1, 0x31];
    return [header, body.length, ...body];
  };
  socket.frame(alias('a'));
  socket.frame(alias(''));
  socket.frame(alias('b'));
  socket.frame(alias(''));
  expect(published.map(({ topic }) => topic)).toEqual(['a', 'a', 'b', 'b']);
  socket.frame(alias('', 0x34, [0, 9]));
  expect(oracle(handedOn[0]!, 5)).toMatchObject({ topic: 'b', qos: 2, id: 9, payload: '31' });
  socket.frame([0x30, 7, 0, 0, 3, 0x23, 0, 2, 0x31]);
  expect(faults[0]?.what).toBe('a message with a topic alias that was not offered');
});

test('what goes through is counted: messages, payload, MQTT bytes, frames and the headers of the frames', () => {
  const { traffic, socket, tap, acknowledge } = tapped(4);
  const before = traffic.in.total;
  // Two messages in one frame, and a third cut over two.
  socket.frame([...qos1(1), ...qos1(2)]);
  socket.frame(qos1(3).slice(0, 5));
  socket.frame(qos1(3).slice(5));
  expect(traffic.in.total).toEqual({
    messages: before.messages + 3,
    payload: before.payload + 3,
    mqtt: before.mqtt + 24,
    frames: before.frames + 3,
    framing: before.framing + 3 * 2,
  });
  tap.send(new Uint8Array(200));
  // RFC 6455: a length over 125 takes two bytes more, and a client masks.
  expect(traffic.out.total).toMatchObject({ mqtt: 200, frames: 1, framing: 8 });
  acknowledge.forEach((done) => done());
});
