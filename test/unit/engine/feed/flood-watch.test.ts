import { expect, test } from 'vitest';
import { FloodWatch } from '../../../../src/engine/feed/flood-watch.ts';

const channels = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Told ten times, `every` ms, that so many channels changed and so many messages came since the last time. */
function watched(changed: number, messages: number, every: number, watch = new FloodWatch()): FloodWatch {
  for (let n = 1; n <= 10; n++) watch.told(channels(changed), n * messages, n * every);
  return watch;
}

test.each([
  ['fifty thousand messages a second, told with every frame', 40, 850, 17],
  ['five thousand a second, just', 40, 500, 100],
])('%s are a flood', (_, changed, messages, every) => {
  expect(watched(changed, messages, every).flood).toBe(true);
});

test.each([
  ['one channel that changes with every message', 1, 850, 17],
  ['a thousand messages a second, all of them on the screen', 40, 17, 17],
  ['any number of messages of what is not on the screen', 0, 850, 17],
])('%s: no flood', (_, changed, messages, every) => {
  expect(watched(changed, messages, every).flood).toBe(false);
});

test('a flood of which a screen is told four times a second goes on being one', () => {
  const watch = watched(24, 850, 17);
  for (let n = 1; n <= 20; n++) {
    watch.told(channels(24), 8_500 + n * 11_500, 170 + n * 230);
    expect(watch.flood).toBe(true);
  }
});

test('a flood is over when the messages become few', () => {
  const watch = watched(24, 850, 17);
  for (let n = 1; n <= 3; n++) watch.told(channels(24), 8_500 + n * 500, 170 + n * 230);
  expect(watch.flood).toBe(false);
});
