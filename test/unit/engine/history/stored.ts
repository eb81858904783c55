import { accountOf, type Account } from '../../../../src/storage/account.ts';
import { openDatabase } from '../../../../src/storage/open-database.ts';
import { NAME } from './history-world.ts';

/** What the account says, and what it should say: counted from what is stored. */
export async function readAccountAndStores(): Promise<{ account: Account; samples: number }> {
  const { db } = await openDatabase(NAME, () => undefined);
  if (db === undefined) throw new Error('The store does not open.');
  const account = await accountOf(db);
  const chunks = await db.getAll('chunks');
  const samples = chunks.reduce((sum, chunk) => sum + chunk.samples, 0);
  db.close();
  return { account, samples };
}
