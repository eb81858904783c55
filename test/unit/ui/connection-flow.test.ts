import { expect, test } from 'vitest';
import { allBytes, flowParts, perSecond } from '../../../src/ui/pages/connection/flow-rows.ts';

const flow = { messages: 10, payload: 360, mqtt: 600, frames: 10, framing: 20 };

test('a flow is split into what was meant and what it cost, and the parts make the whole', () => {
  const parts = flowParts(flow, true);
  expect(parts).toEqual({ messages: 10, payload: 360, mqtt: 240, webSocket: 20, tls: 220 });
  expect(allBytes(parts)).toBe(840);
  expect(flowParts(flow, false).tls).toBe(0);
});

test('a frame over 16 KB is more than one record of TLS', () => {
  expect(flowParts({ ...flow, frames: 1, mqtt: 40_000 }, true).tls).toBe(66);
});

test('a rate is the difference of two readings over their time, whatever it was', () => {
  const after = { messages: 15, payload: 540, mqtt: 900, frames: 15, framing: 30 };
  expect(perSecond(flow, after, 5_000)).toMatchObject({ messages: 1, payload: 36, mqtt: 60 });
});

test('a count that began anew, as after a hand-over to another tab, has no rate', () => {
  expect(perSecond(flow, { ...flow, frames: 1, mqtt: 10 }, 1_000)).toBeUndefined();
  expect(perSecond(flow, flow, 0)).toBeUndefined();
});
