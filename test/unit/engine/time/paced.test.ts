import { expect, test } from 'vitest';
import { Paced } from '../../../../src/engine/time/paced.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

test('the first runs at once, all that follow shortly after are one, and a late one runs at once again', () => {
  const clock = new FakeClock();
  const runs: number[] = [];
  const begin = clock.now();
  const paced = new Paced(clock, 80, () => runs.push(clock.now() - begin));
  paced.soon();
  for (let i = 0; i < 10; i++) {
    clock.advance(5);
    paced.soon();
  }
  clock.advance(1_000);
  paced.soon();
  expect(runs).toEqual([0, 80, 1_050]);
});
