import { until } from './cdp.ts';
import type { Lab } from './lab.ts';
import type { RecordsWish } from './peers/records-worker.ts';

/** The peer that keeps one record per sample, with a database of its own. */
export interface RecordsPeer {
  ask(wish: RecordsWish): Promise<number>;
  close(): Promise<void>;
}

export async function openRecordsPeer(lab: Lab): Promise<RecordsPeer> {
  const tab = await lab.chromium.open(lab.server.peer('records-page', {}));
  await until(tab, 'globalThis.bench?.records', 'The page with one record per sample');
  return {
    ask: (wish) => tab.evaluate<number>(`bench.records(${JSON.stringify(wish)})`),
    close: () => tab.close(),
  };
}
