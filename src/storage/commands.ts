import { isSettled, type Command, type Outcome } from '../model/command.ts';
import { putMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import { writeInTerm } from './term.ts';
import { wholeOrNothing } from './whole-or-nothing.ts';

/** How many commands are brought back on opening beside those that are not settled. */
const RECENT = 2_500;
/** How many are in memory at once while they are read; more only where as many were made in the same millisecond. */
const CHUNK = 256;
const STORES: StoreName[] = ['meta', 'commands'];
const UNSETTLED: readonly Outcome[] = ['queued', 'sent', 'accepted'];

/**
 * Writes commands, all or none. With `strict` it answers when the operating system has them on disk: they are sent after
 * this, never before. Rejects with the transaction's error, or because `term` is over, so that a command that could not be
 * stored is not sent.
 */
export async function putCommands(
  db: TelltaleDatabase,
  commands: Iterable<Command>,
  term: number,
  durability: 'strict' | 'relaxed',
): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite', { durability });
  await writeInTerm(tx, term, (add) => {
    for (const command of commands) add(tx.objectStore('commands').put(command));
  });
}

/**
 * Writes what the clock showed at `now` (epoch ms), and the commands whose deadline was moved since it was set; where there are
 * any, it answers when the operating system has all of it on disk. Rejects as {@link putCommands}.
 */
export async function putClockSeen(
  db: TelltaleDatabase,
  now: number,
  moved: readonly Command[],
  term: number,
): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite', { durability: moved.length > 0 ? 'strict' : 'relaxed' });
  await writeInTerm(tx, term, (add) => {
    for (const command of moved) add(tx.objectStore('commands').put(command));
    add(putMeta(tx, 'clockSeen', now));
  });
}

/** Every command that is not settled and the most recent of the others, by creation time. */
export async function readCommands(tx: Transaction): Promise<Command[]> {
  const found: Command[] = [];
  for (const outcome of UNSETTLED)
    found.push(...(await tx.objectStore('commands').index('outcome').getAll(outcome)));
  let recent = 0;
  await eachCommands(tx, Infinity, (commands) => {
    found.push(...commands.filter(({ outcome }) => isSettled(outcome)));
    recent += commands.length;
    return recent < RECENT;
  });
  return found.sort((a, b) => a.createdAt - b.createdAt);
}

/** Visits the commands that were made before a time (epoch ms), newest first and by whole milliseconds, until `visit` answers false. */
export async function eachCommands(
  tx: Transaction,
  before: number,
  visit: (commands: readonly Command[]) => boolean,
): Promise<void> {
  const index = tx.objectStore('commands').index('createdAt');
  let upper = before;
  for (;;) {
    const newest = await index.openKeyCursor(IDBKeyRange.upperBound(upper, true), 'prev');
    if (newest === null) return;
    const last = await newest.advance(CHUNK - 1);
    const lower = last === null ? -Infinity : last.key;
    const chunk = await index.getAll(IDBKeyRange.bound(lower, upper, false, true));
    if (!visit(chunk.reverse()) || last === null) return;
    upper = lower;
  }
}

/** Takes out the settled commands that were made before a time, epoch ms. Rejects with the transaction's error. */
export function trimCommands(db: TelltaleDatabase, before: number): Promise<void> {
  const tx = db.transaction(['commands'], 'readwrite', { durability: 'relaxed' });
  return wholeOrNothing(tx, async () => {
    let cursor = await tx
      .objectStore('commands')
      .index('createdAt')
      .openCursor(IDBKeyRange.upperBound(before, true));
    while (cursor !== null) {
      if (isSettled(cursor.value.outcome)) await cursor.delete();
      cursor = await cursor.continue();
    }
  });
}
