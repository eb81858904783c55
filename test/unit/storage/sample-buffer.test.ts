import { expect, test } from 'vitest';
import type { Value } from '../../../src/model/sample.ts';
import { SampleBuffer } from '../../../src/storage/sample-buffer.ts';

test('the values of a message are buffered as one after the other, of every kind and beyond the room there was', () => {
  const [together, apart] = [new SampleBuffer(1), new SampleBuffer(1)];
  const messages: [t: number, ts: number, values: Value[]][] = [
    [20, NaN, [1.5, true, 'open']],
    [10, 7, ['shut', 2]],
    [30, NaN, []],
    [25, NaN, ['open']],
  ];
  for (const [t, ts, values] of messages) {
    together.pushMessage([4, 5, 6], t, ts, values);
    for (const [i, value] of values.entries()) apart.push(4 + i, t, ts, value, false);
  }
  expect(together.block()).toEqual(apart.block());
  expect(together.block()).toMatchObject({ from: 10, to: 25, texts: ['open', 'shut'] });
});

test('the numbers of a message come from a typed array as from a list', () => {
  const [typed, listed] = [new SampleBuffer(), new SampleBuffer()];
  typed.pushMessage([1, 2], 5, 6, Float64Array.of(0.5, -3));
  listed.pushMessage([1, 2], 5, 6, [0.5, -3]);
  expect(typed.take()).toEqual(listed.take());
});
