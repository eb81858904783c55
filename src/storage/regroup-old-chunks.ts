import { Account, RECORD_BYTES } from './account.ts';
import type { Columns } from './columns.ts';
import type { UpgradeTransaction } from './schema.ts';
import { SegmentDraft } from './segments.ts';
import type { SegmentRecord } from './records.ts';
import { SeriesDictionary } from './series.ts';

/** A chunk as version 1 wrote it. */
interface OldChunk extends Columns {
  readonly series: number;
  readonly from: number;
  readonly seq: number;
}

const PAGE = 32;
const SAMPLES = 200_000;

/** Makes segments of the chunks of version 1. Their order by series is that of time, so nothing changes its place. */
export async function regroupOldChunks(tx: UpgradeTransaction): Promise<void> {
  const dictionary = new SeriesDictionary(await tx.objectStore('series').getAll());
  const account = new Account();
  let draft = new SegmentDraft(dictionary.leadOf);
  const close = async () => {
    if (draft.samples === 0) return;
    // No pause: a transaction that waits for anything else commits.
    const { record } = await draft.finish(() => undefined);
    await tx.objectStore('segments').add(record as SegmentRecord);
    account.segments.count++;
    account.segments.samples += record.samples;
    account.segments.bytes += record.bytes.length + RECORD_BYTES;
    draft = new SegmentDraft(dictionary.leadOf);
  };
  let range: IDBKeyRange | undefined;
  for (;;) {
    const page = (await tx.objectStore('oldChunks' as never).getAll(range as never, PAGE)) as OldChunk[];
    for (const chunk of page) {
      draft.add(chunk, chunk.series);
      if (draft.samples >= SAMPLES) await close();
    }
    const last = page.at(-1);
    if (last === undefined) break;
    range = IDBKeyRange.lowerBound([last.series, last.from, last.seq], true);
  }
  await close();
  await tx.objectStore('account').put(account.record(), 'now');
}
