import { expect, test, vi } from 'vitest';
import type { DescriptionDocument } from '../../../../src/model/device.ts';
import { ApplyRun, type ApplyOptions } from '../../../../src/ui/pages/device/describe/apply-run.svelte.ts';
import type { PlannedDescription } from '../../../../src/ui/pages/device/describe/plan-apply.ts';

const KIND = { kind: 'pump' };
const planned = (...keys: readonly string[]): readonly PlannedDescription[] =>
  keys.map((key) => ({
    key,
    over: null,
    document: KIND,
    differences: [{ path: ['kind'], from: null, to: 'pump' }],
  }));

/** A broker that keeps what it is given, and refuses what `refuses` names. */
function broker(refuses: Set<string>, over: Partial<ApplyOptions> = {}) {
  const kept = new Map<string, DescriptionDocument | null>();
  const waits: number[] = [];
  const done: string[] = [];
  const options: ApplyOptions = {
    describe: ({ device, document, over: base }) => {
      if (JSON.stringify(kept.get(device) ?? null) !== JSON.stringify(base))
        return Promise.reject(new Error('Not sent: somebody else changed the description meanwhile.'));
      if (refuses.has(device)) return Promise.reject(new Error('The broker refused the description.'));
      kept.set(device, document);
      return Promise.resolve('accepted');
    },
    describedAs: (device) => Promise.resolve(kept.get(device) ?? null),
    hindered: () => undefined,
    onDone: ({ key }) => done.push(key),
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    now: () => 0,
    ...over,
  };
  return { kept, waits, done, options };
}

const states = (run: ApplyRun): string => run.lines.map(({ key, state }) => `${key} ${state}`).join(', ');

test('every device gets it in its turn, no faster than asked for', async () => {
  const { options, waits, done } = broker(new Set());
  const run = new ApplyRun(planned('a', 'b', 'c'), 20, options);
  expect(run.counts.waiting).toBe(3);
  await run.go();
  expect(run.counts).toMatchObject({ accepted: 3, waiting: 0, failed: 0 });
  expect(waits).toEqual([50, 50, 50]);
  expect(done).toEqual(['a', 'b', 'c']);
  expect(run.running).toBe(false);
});

test('one that was changed meanwhile is not overwritten, and not sent again with the rest', async () => {
  const { options, kept } = broker(new Set(['c']));
  kept.set('b', { kind: 'theirs' });
  const run = new ApplyRun(planned('a', 'b', 'c'), 20, options);
  await run.go();
  expect(states(run)).toBe('a accepted, b conflict, c failed');
  expect(kept.get('b')).toEqual({ kind: 'theirs' });
  expect(run.undone.map(({ key }) => key)).toEqual(['c']);
});

test('what failed is sent again by hand, and what was done is not', async () => {
  const refuses = new Set(['b']);
  const { options, done } = broker(refuses);
  const run = new ApplyRun(planned('a', 'b'), 20, options);
  await run.go();
  expect(run.lines[1]).toMatchObject({ state: 'failed', why: 'The broker refused the description.' });
  refuses.clear();
  await run.go();
  expect(run.counts).toMatchObject({ accepted: 2, failed: 0 });
  expect(done).toEqual(['a', 'b']);
});

test('stopped by hand: what was not sent is not, and can be sent later', async () => {
  const { options } = broker(new Set(), { onDone: () => run.stop() });
  const run = new ApplyRun(planned('a', 'b', 'c'), 20, options);
  await run.go();
  expect(states(run)).toBe('a accepted, b waiting, c waiting');
  expect(run.stopped).toBe('Stopped by you.');
  expect(run.undone).toHaveLength(2);
});

test('the link ends on the way: it stops and says so instead of failing the rest', async () => {
  let why: string | undefined;
  const describe = vi.fn(() => {
    why = 'Stopped: there is no link to the broker.';
    return Promise.reject<'accepted'>(new Error('The link ended before the broker answered.'));
  });
  const { options } = broker(new Set(), {
    describe,
    describedAs: () => Promise.resolve(undefined),
    hindered: () => why,
  });
  const run = new ApplyRun(planned('a', 'b'), 20, options);
  await run.go();
  expect(states(run)).toBe('a failed, b waiting');
  expect(run.stopped).toBe(why);
  expect(describe).toHaveBeenCalledTimes(1);
});

test('a run that goes on is not begun a second time', async () => {
  const { options, done } = broker(new Set());
  const run = new ApplyRun(planned('a', 'b'), 20, options);
  await Promise.all([run.go(), run.go()]);
  expect(done).toEqual(['a', 'b']);
});
