import { describe, expect, it } from 'vitest';
import { coarsest, fewSamples, stretches } from '../../../../src/engine/history/history-detail.ts';
import { HOUR, MINUTE, TEN_MINUTES } from '../../../../src/model/rollup.ts';
import { Account } from '../../../../src/storage/account.ts';
import type { Reading } from '../../../../src/storage/read-samples.ts';

const DAY = 24 * HOUR;

function readingWith(floors: { samples: number; minutes: number }): Reading {
  const account = new Account();
  account.floors = { ...floors, hours: 0 };
  account.device(1).samples = 1e9;
  return { account } as unknown as Reading;
}

describe('what a chart is drawn from', () => {
  it('buckets that are no wider than two pixels', () => {
    expect(coarsest(0, HOUR, 1200)).toBe('samples');
    expect(coarsest(0, DAY, 1200)).toBe(MINUTE);
    expect(coarsest(0, 7 * DAY, 1200)).toBe(TEN_MINUTES);
    expect(coarsest(0, 365 * DAY, 1200)).toBe(HOUR);
    expect(coarsest(0, HOUR, 1)).toBe(HOUR);
  });

  it('what is left where detail has been dropped, without a hole and nothing twice', () => {
    const reading = readingWith({ samples: 40 * DAY, minutes: 20 * DAY });
    expect(stretches(reading, 10 * DAY, 50 * DAY, 'samples')).toEqual([
      { from: 10 * DAY, to: 20 * DAY, detail: HOUR },
      { from: 20 * DAY, to: 40 * DAY, detail: MINUTE },
      { from: 40 * DAY, to: 50 * DAY, detail: 'samples' },
    ]);
    expect(stretches(reading, 30 * DAY, 50 * DAY, HOUR).map(({ detail }) => detail)).toEqual([HOUR, HOUR]);
    expect(stretches(reading, 41 * DAY, 42 * DAY, 'samples')).toEqual([
      { from: 41 * DAY, to: 42 * DAY, detail: 'samples' },
    ]);
  });

  it('a range before the oldest sample has few of them, whatever the device has', async () => {
    expect(await fewSamples(readingWith({ samples: 0, minutes: 0 }), new Set([1]), 40 * DAY, 10 * DAY)).toBe(
      true,
    );
  });
});
