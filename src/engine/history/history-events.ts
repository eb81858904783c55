import type { EventsAnswer, EventsRequest } from '../../engine-api/past.ts';
import type { HistoryEvent } from '../../model/history-event.ts';
import { eachEvents } from '../../storage/events.ts';
import type { StoreName } from '../../storage/schema.ts';
import type { HistoryWriter } from './history-writer.ts';

const MAX_EVENTS = 1000;
const STORES: StoreName[] = ['meta', 'events'];

/** The newest events of a range, stored or not yet. A store that cannot be read rejects. */
export async function readEvents(writer: HistoryWriter, request: EventsRequest): Promise<EventsAnswer> {
  const { device, from, to } = request;
  const kinds = request.kinds && new Set(request.kinds);
  const found: HistoryEvent[] = [];
  /** Newest first; answers whether there is room for more. */
  const take = (events: readonly HistoryEvent[]): boolean => {
    for (const event of [...events].reverse()) {
      if (event.at < from || event.at >= to) continue;
      if (device !== undefined && event.device !== device) continue;
      if (kinds !== undefined && !kinds.has(event.kind)) continue;
      found.push(event);
    }
    return found.length <= MAX_EVENTS;
  };
  // What is being written would be seen twice or not at all.
  await writer.flush();
  const tx = writer.db?.transaction(STORES, 'readonly');
  const unstored = writer.unstoredEvents;
  if (take(unstored) && tx !== undefined) await eachEvents(tx, from, to, take);
  found.sort((a, b) => b.at - a.at);
  return { events: found.slice(0, MAX_EVENTS).reverse(), more: found.length > MAX_EVENTS };
}
