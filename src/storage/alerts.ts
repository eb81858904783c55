import { unwrap } from 'idb';
import type { StoredAlert } from '../model/alert/alert.ts';
import type { RuleSets } from '../model/alert/rule-sets.ts';
import { putMeta } from './meta.ts';
import type { StoreName, TelltaleDatabase } from './schema.ts';
import { writeInTerm } from './term.ts';

const ALERTS: StoreName[] = ['meta', 'alerts'];
const META: StoreName[] = ['meta'];

/**
 * Writes what became of alerts; `undefined` takes one out. `relaxed`: what has to see it is the next page or leader, not
 * the next power cut. Rejects with the transaction's error, or because `term` is over.
 */
export function putAlerts(
  db: TelltaleDatabase,
  changes: ReadonlyMap<string, StoredAlert | undefined>,
  term: number,
): Promise<void> {
  const tx = db.transaction(ALERTS, 'readwrite', { durability: 'relaxed' });
  return writeInTerm(tx, term, () => {
    // There may be thousands, when something happens to a whole fleet; what fails here aborts the transaction.
    const store = unwrap(tx.objectStore('alerts'));
    for (const [key, stored] of changes) {
      if (stored === undefined) store.delete(key);
      else store.put(stored);
    }
  });
}

/** Writes the rules, all of them. Rejects as {@link putAlerts}. */
export function putAlertRules(db: TelltaleDatabase, rules: RuleSets, term: number): Promise<void> {
  const tx = db.transaction(META, 'readwrite', { durability: 'strict' });
  return writeInTerm(tx, term, (add) => {
    add(putMeta(tx, 'alertRules', rules));
  });
}
