import { beforeEach, expect, test, vi } from 'vitest';
import { MeasuredTraffic } from '../../../src/ui/measured-traffic.ts';

const stored = new Map<string, string>();
beforeEach(() => {
  stored.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
});

const ALL = { broker: 'plant', mode: 'everything' } as const;
const VIEWED = { broker: 'plant', mode: 'viewed' } as const;
const ONLY_VIEWED = { everything: undefined, viewed: 90 };

test('"Only what I look at" is chosen: what recording everything cost is known from before, with its time', () => {
  const traffic = new MeasuredTraffic('/');
  traffic.look(ALL, { everything: 5_000, viewed: 100 }, 0);
  traffic.look(ALL, { everything: 6_000, viewed: 110 }, 30_000);
  traffic.look(VIEWED, ONLY_VIEWED, 40_000);
  traffic.look(VIEWED, ONLY_VIEWED, 80_000);
  const later = new MeasuredTraffic('/');
  expect(later.of('plant', 'everything')).toEqual({ bytesPerMinute: 6_000, at: 30_000 });
  expect(later.of('plant', 'viewed')).toEqual({ bytesPerMinute: 90, at: 80_000 });
});

test('the seconds after a change of the mode, of the broker or of the link are not taken for it', () => {
  const traffic = new MeasuredTraffic('/');
  traffic.look(VIEWED, ONLY_VIEWED, 0);
  traffic.look(ALL, { everything: 95, viewed: 90 }, 29_000);
  traffic.look(undefined, { everything: undefined, viewed: undefined }, 40_000);
  traffic.look(ALL, { everything: 95, viewed: 90 }, 45_000);
  traffic.look({ ...ALL, broker: 'other' }, { everything: 95, viewed: 90 }, 70_000);
  traffic.look({ ...ALL, broker: 'other' }, { everything: 95, viewed: 90 }, 99_000);
  expect(traffic.of('plant', 'everything')).toBeUndefined();
  expect(traffic.of('other', 'everything')).toBeUndefined();
});

test.each(['{', '7', '[["plant",5]]', '[["plant",{"everything":{"at":"x"}}]]', '[["plant",null]]', '[5]'])(
  'what was stored is %s: not measured',
  (text) => {
    stored.set('telltale:/:traffic', text);
    expect(new MeasuredTraffic('/').of('plant', 'everything')).toBeUndefined();
  },
);
