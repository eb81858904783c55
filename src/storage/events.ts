import type { HistoryEvent } from '../model/history-event.ts';
import type { EventsRecord } from './records.ts';
import type { Transaction } from './schema.ts';

/** How many records are in memory at once while events are read. */
const PAGE = 128;

/** Writes the events of a flush, in its transaction. There must be some. */
export function putEvents(tx: Transaction<'readwrite'>, events: readonly HistoryEvent[]): Promise<unknown> {
  const times = events.map(({ at }) => at);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  // The key is made by the store.
  return tx.objectStore('events').add({ from, to, events } as EventsRecord);
}

/** Visits the stored events in `[from, to)`, newest record first, until `visit` answers false. */
export async function eachEvents(
  tx: Transaction,
  from: number,
  to: number,
  visit: (events: readonly HistoryEvent[]) => boolean,
): Promise<void> {
  const store = tx.objectStore('events');
  const keys = await store.index('to').getAllKeys(IDBKeyRange.lowerBound(from));
  keys.sort((a, b) => b - a);
  for (let i = 0; i < keys.length; i += PAGE) {
    const first = keys[Math.min(i + PAGE, keys.length) - 1]!;
    const page = await store.getAll(IDBKeyRange.bound(first, keys[i]!));
    for (const { events, ...record } of page.reverse()) {
      if (record.from < to && record.to >= from && !visit(events)) return;
    }
  }
}
