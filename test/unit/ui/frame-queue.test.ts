import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/engine-api/frame.ts';
import { FrameQueue } from '../../../src/ui/frame-queue.ts';

/** A page whose animation frames come when the test says so. */
function testPage() {
  const credits: string[] = [];
  const applied: Frame[] = [];
  let draw: (() => void) | undefined;
  return {
    credits,
    applied,
    drawNow() {
      const pending = draw;
      draw = undefined;
      pending?.();
    },
    credit: (page: string) => void credits.push(page),
    beforeDrawing: (run: () => void) => {
      expect(draw).toBeUndefined();
      draw = run;
    },
    apply: (frame: Frame) => void applied.push(frame),
  };
}

const removal = (n: number): Frame => ({ removed: [`devices:${n}`] });

test('a page holds out one credit from the start and gives it back on receipt, before anything is drawn', () => {
  const page = testPage();
  const queue = new FrameQueue(page, false);
  expect(page.credits).toEqual(['visible']);
  queue.receive(removal(1));
  expect(page.credits).toEqual(['visible', 'visible']);
  expect(page.applied).toEqual([]);
});

test('frames that arrive between two drawings are applied together, in order', () => {
  const page = testPage();
  const queue = new FrameQueue(page, false);
  queue.receive(removal(1));
  queue.receive(removal(2));
  page.drawNow();
  expect(page.applied).toEqual([removal(1), removal(2)]);
});

test('a thousand messages a second are never held back, and many more wait until they are drawn', () => {
  const page = testPage();
  const queue = new FrameQueue(page, false);
  for (let n = 0; n < 17; n++) queue.receive(removal(n));
  expect(page.credits).toHaveLength(18);
  for (let n = 17; n < 32; n++) queue.receive(removal(n));
  expect(page.credits).toHaveLength(32);
  page.drawNow();
  expect(page.credits).toHaveLength(33);
  expect(page.applied).toHaveLength(32);
});

test('a hidden page applies at once, because it has no animation frames, and asks for little', () => {
  const page = testPage();
  const queue = new FrameQueue(page, true);
  queue.receive({ alerts: [] });
  expect(page.applied).toEqual([{ alerts: [] }]);
  expect(page.credits).toEqual(['hidden', 'hidden']);
});

test('a page that is hidden with frames waiting loses none of them', () => {
  const page = testPage();
  const queue = new FrameQueue(page, false);
  for (let n = 0; n < 8; n++) queue.receive(removal(n));
  queue.setHidden(true);
  expect(page.applied).toHaveLength(8);
  expect(page.credits.at(-1)).toBe('hidden');
  page.drawNow();
  expect(page.applied).toHaveLength(8);
  queue.setHidden(false);
  expect(page.credits.at(-1)).toBe('visible');
});

describe('a flood', () => {
  const flood: Frame = { flood: true };

  test('gets its next frame only when the last one is drawn', () => {
    const page = testPage();
    const queue = new FrameQueue(page, false);
    queue.receive(flood);
    expect(page.credits).toHaveLength(1);
    page.drawNow();
    expect(page.credits).toHaveLength(2);
    expect(page.applied).toEqual([flood]);
  });

  test('that is over leaves nothing withheld', () => {
    const page = testPage();
    const queue = new FrameQueue(page, false);
    queue.receive(flood);
    page.drawNow();
    queue.receive(removal(1));
    expect(page.credits).toHaveLength(3);
  });

  test('on a page that is hidden meanwhile leaves nothing waiting', () => {
    const page = testPage();
    const queue = new FrameQueue(page, false);
    queue.receive(flood);
    queue.setHidden(true);
    expect(page.applied).toEqual([flood]);
    page.drawNow();
    expect(page.credits).toEqual(['visible', 'hidden']);
  });
});
