import type { StorageState } from '../../engine-api/frame.ts';
import { errorName } from '../../storage/error-name.ts';
import { nothing, recall } from '../../storage/recall.ts';
import { takeTerm } from '../../storage/term.ts';
import { HomeHistory } from './history-home.ts';
import type { History, HistoryOptions } from './history.ts';
import { newClientId } from './new-client-id.ts';

/** Opens what a home remembers. Never rejects: without a store it keeps what it can in memory and `storage` says why. */
export async function openHistory(options: HistoryOptions): Promise<History> {
  // The store may go away while this is still reading it.
  const seen: { lost?: string; home?: HomeHistory } = {};
  const opened = await options.open(options.name, (reason) => {
    seen.lost = reason;
    seen.home?.lose(reason);
  });
  let { db } = opened;
  let recalled = nothing();
  let reason = opened.db === undefined ? opened.reason : opened.notice;
  const fresh = newClientId(options.random);
  const above = options.above ?? 0;
  let term = options.readOnly ? above : above + 1;
  if (db !== undefined) {
    try {
      if (!options.readOnly) term = await takeTerm(db, above);
      recalled = await recall(db);
      if (recalled.clientId === undefined && !options.readOnly) await db.put('meta', fresh, 'clientId');
    } catch (error) {
      db.close();
      db = undefined;
      reason = unreadable(error);
    }
  }
  if (seen.lost !== undefined) [db, reason] = [undefined, seen.lost];
  const state: StorageState = { mode: db === undefined ? 'memory' : 'disk', ...(reason && { reason }) };
  seen.home = new HomeHistory({ ...options, term }, db, recalled, recalled.clientId ?? fresh, state);
  return seen.home;
}

function unreadable(error: unknown): string {
  return `The stored history cannot be read (${errorName(error)}). New samples are kept only until this tab closes. Reload this page; if that does not help, delete the history in Settings.`;
}
