import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/engine-api/frame.ts';
import { FrameQueue } from '../../../src/ui/frame-queue.ts';

/** A page whose animation frames come when the test says so. */
function testPage() {
  const credits: string[] = [];
  const applied: Frame[] = [];
  let draw: (() => void) | undefined;
  let later: { readonly due: number; readonly run: () => void } | undefined;
  return {
    credits,
    applied,
    time: 0,
    passTime(ms: number) {
      this.time += ms;
      const pending = later;
      if (pending === undefined || pending.due > this.time) return;
      later = undefined;
      pending.run();
    },
    now() {
      return this.time;
    },
    after(ms: number, run: () => void) {
      expect(later).toBeUndefined();
      later = { due: this.time + ms, run };
    },
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

/** New values of so many channels; so many messages have come so far. */
function values(channels: number, received: number): Frame {
  const series = Uint32Array.from({ length: channels }, (_, i) => i + 1);
  const at = new Float64Array(channels);
  return {
    values: { series, at, number: at, source: new Uint8Array(channels), other: [] },
    counters: {
      ...{ received, samples: received, bytes: 0, viewedBytes: 0 },
      ...{ stored: 0, kept: 0, notKept: 0, problems: 0 },
    },
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

test('a thousand messages a second are never held back, and a flood waits until it is drawn', () => {
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
  /** Frames with changes of so many channels, and so many messages for each of the ten, one after each animation frame. */
  function floodedPage(channels: number, messages: number, more: Partial<Frame> = {}) {
    const page = testPage();
    const queue = new FrameQueue(page, false);
    for (let n = 0; n < 10; n++) {
      queue.receive({ ...values(channels, (n + 1) * messages), ...more });
      page.drawNow();
      // The engine sends the next one only when it may.
      do page.passTime(17);
      while (page.credits.length <= n + 1);
    }
    const before = page.credits.length;
    queue.receive({ ...values(channels, 11 * messages), ...more });
    page.drawNow();
    return { page, queue, heldBack: page.credits.length === before };
  }

  test('of more changes than anybody can read withholds the credit for a while after the drawing', () => {
    const { page, heldBack } = floodedPage(40, 1_000);
    expect(heldBack).toBe(true);
    const before = page.credits.length;
    page.passTime(230);
    expect(page.credits).toHaveLength(before + 1);
  });

  test('draws everything that it was sent, and at once what comes when it is over', () => {
    const { page, queue } = floodedPage(40, 1_000);
    for (let n = 0; n < 3; n++) {
      page.passTime(230);
      queue.receive(values(2, 11_000));
      page.drawNow();
    }
    page.passTime(230);
    const before = page.credits.length;
    queue.receive(values(2, 11_000));
    expect(page.credits).toHaveLength(before + 1);
    expect(page.applied).toHaveLength(14);
    page.drawNow();
    expect(page.applied).toHaveLength(15);
  });

  test.each([
    ['one channel that changes with every message', 1, 1_000, {}],
    ['a thousand messages a second, all of them on the screen', 40, 17, {}],
    ['values of a thousand channels that are not on the screen', 1_000, 1_000, { offScreen: true as const }],
  ])('is not %s', (_, channels, messages, more) => {
    expect(floodedPage(channels, messages, more).heldBack).toBe(false);
  });

  test('on a page that is hidden meanwhile leaves nothing waiting', () => {
    const { page, queue } = floodedPage(40, 1_000);
    queue.receive(values(40, 12_000));
    queue.setHidden(true);
    expect(page.applied).toHaveLength(12);
    page.drawNow();
    page.passTime(230);
    expect(page.credits.filter((credit) => credit === 'hidden')).toHaveLength(1);
  });
});
