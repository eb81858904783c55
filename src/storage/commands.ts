import { isSettled, type Command, type Outcome } from '../model/command.ts';
import type { StoreName, TelltaleDatabase, Transaction } from './schema.ts';
import { refuseOldTerm } from './term.ts';
import { wholeOrNothing } from './whole-or-nothing.ts';

/** How many commands are brought back on opening beside those that are not settled. */
const RECENT = 200;
const STORES: StoreName[] = ['meta', 'commands'];
const UNSETTLED: readonly Outcome[] = ['queued', 'sent', 'accepted'];

/**
 * Writes a command and answers when the operating system has it on disk (`strict`): it is sent after this, never before.
 * Rejects with the transaction's error, or because `term` is over, so that a command that could not be stored is not
 * sent.
 */
export async function putCommand(db: TelltaleDatabase, command: Command, term: number): Promise<void> {
  const tx = db.transaction(STORES, 'readwrite', { durability: 'strict' });
  await wholeOrNothing(tx, async (add) => {
    await refuseOldTerm(tx, term);
    add(tx.objectStore('commands').put(command));
  });
}

/** Every command that is not settled and the most recent of the others, by creation time. */
export async function readCommands(tx: Transaction): Promise<Command[]> {
  const store = tx.objectStore('commands');
  const found: Command[] = [];
  for (const outcome of UNSETTLED) found.push(...(await store.index('outcome').getAll(outcome)));
  let cursor = await store.index('createdAt').openCursor(null, 'prev');
  for (let seen = 0; cursor !== null && seen < RECENT; seen++) {
    if (isSettled(cursor.value.outcome)) found.push(cursor.value);
    cursor = await cursor.continue();
  }
  return found.sort((a, b) => a.createdAt - b.createdAt);
}
