import { describe } from 'vitest';
import { BROKERS } from './brokers.ts';

type Entry = (typeof BROKERS)[number];

/**
 * The same situations on each of the real brokers: on all at the same time, since most of it is waiting, and on one after
 * the other.
 */
export function onEachBroker(situations: (name: Entry[0], start: Entry[1]) => void): void {
  describe.concurrent.each(BROKERS)('%s', (name, start) => {
    describe.sequential('one after the other', () => situations(name, start));
  });
}
