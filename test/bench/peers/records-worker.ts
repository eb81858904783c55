// The peer for the history: one IndexedDB record per sample, keyed by series and time, many in one transaction.

interface SampleRecord {
  readonly series: number;
  readonly t: number;
  readonly v: number;
}

/** What the driver may ask, by way of the page. */
export type RecordsWish =
  /** Write for so long; answers with samples a second. */
  | { readonly ask: 'write'; readonly ms: number }
  /** Write so many of one series; answers with how many. */
  | { readonly ask: 'fill'; readonly samples: number }
  /** Read all of one series, smallest and largest per pixel; answers with the ms that it took. */
  | { readonly ask: 'read'; readonly samples: number; readonly pixels: number };

const TRANSACTION = 1000;
const PAGE = 100_000;

const opened = new Promise<IDBDatabase>((resolve, reject) => {
  const request = indexedDB.open(`records-${performance.timeOrigin}`, 1);
  request.onupgradeneeded = () => request.result.createObjectStore('samples', { keyPath: ['series', 't'] });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function writeTransaction(records: readonly SampleRecord[]): Promise<void> {
  const tx = (await opened).transaction('samples', 'readwrite', { durability: 'relaxed' });
  for (const record of records) tx.objectStore('samples').add(record);
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
  });
}

async function write(ms: number): Promise<number> {
  await opened;
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < ms) {
    const records = Array.from({ length: TRANSACTION }, (_, i) => ({
      series: i,
      t: count,
      v: 21.5 + i / 100,
    }));
    await writeTransaction(records);
    count += TRANSACTION;
  }
  return (count / (performance.now() - began)) * 1000;
}

async function fill(samples: number): Promise<number> {
  for (let t = 0; t < samples; t += TRANSACTION) {
    await writeTransaction(
      Array.from({ length: TRANSACTION }, (_, i) => ({
        series: -1,
        t: t + i,
        v: 21.5 + ((t + i) % 100) / 100,
      })),
    );
  }
  return samples;
}

async function page(after: number): Promise<readonly SampleRecord[]> {
  const store = (await opened).transaction('samples').objectStore('samples');
  const range = IDBKeyRange.bound([-1, after], [-1, Infinity], true);
  return new Promise((resolve, reject) => {
    const request = store.getAll(range, PAGE);
    request.onsuccess = () => resolve(request.result as SampleRecord[]);
    request.onerror = () => reject(request.error);
  });
}

async function read(samples: number, pixels: number): Promise<number> {
  const began = performance.now();
  const low = new Float64Array(pixels).fill(Infinity);
  const high = new Float64Array(pixels).fill(-Infinity);
  let [after, found] = [-1, 0];
  for (;;) {
    const records = await page(after);
    for (const { t, v } of records) {
      const pixel = Math.floor((t * pixels) / samples);
      low[pixel] = Math.min(low[pixel] ?? v, v);
      high[pixel] = Math.max(high[pixel] ?? v, v);
    }
    found += records.length;
    const last = records.at(-1);
    if (last === undefined) break;
    after = last.t;
  }
  if (found !== samples) throw new Error(`Of ${samples} records ${found} were read.`);
  return performance.now() - began;
}

function carryOut(wish: RecordsWish): Promise<number> {
  if (wish.ask === 'write') return write(wish.ms);
  if (wish.ask === 'fill') return fill(wish.samples);
  return read(wish.samples, wish.pixels);
}

addEventListener('message', (event: MessageEvent<RecordsWish>) => {
  carryOut(event.data).then(
    (value) => postMessage({ value }),
    (error: unknown) => postMessage({ error: String(error) }),
  );
});
