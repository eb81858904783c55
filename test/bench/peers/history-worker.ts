// The history's own code with nothing around it: no link, no page, no reading of payloads.
import type { History } from '../../../src/engine/history/history.ts';
import { openHistory } from '../../../src/engine/history/open-history.ts';
import { deviceKeyFromId } from '../../../src/model/device.ts';
import { openDatabase } from '../../../src/storage/open-database.ts';
import { deviceId } from '../readings.ts';

export type HistoryWish =
  /** Write samples that are made in place for so long; answers with durable samples a second. */
  | { readonly ask: 'write'; readonly ms: number }
  /**
   * Write a long past of a small fleet into the database of a home, as fast as it goes: a flush holds an hour and more
   * instead of a second, and the history's clock is that of the readings. Answers with the samples written.
   */
  | {
      readonly ask: 'fill';
      /** The database. */
      readonly home: string;
      readonly devices: number;
      /** Between two readings of one device, ms. */
      readonly interval: number;
      /** Epoch ms. */
      readonly from: number;
      readonly to: number;
    };

/** Samples of one flush: as many as the app takes at most. */
const FLUSH = 10_000;
/** Of the samples made in place: as many as one transaction of the peer with one record each holds. */
const SERIES = 1000;

function openNamed(name: string, now: () => number): Promise<History> {
  const from = now();
  return openHistory({
    name,
    open: openDatabase,
    clock: {
      now,
      elapsed: () => now() - from,
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    onChange: () => {},
  });
}

async function write(ms: number): Promise<number> {
  const history = await openNamed(`history-${performance.timeOrigin}`, Date.now);
  const device = deviceKeyFromId(deviceId(0));
  const series = Array.from({ length: SERIES }, (_, i) => history.seriesId(device, `c${i}`));
  const began = performance.now();
  const wall = Date.now();
  for (let count = 0; performance.now() - began < ms; count += FLUSH) {
    for (let i = 0; i < FLUSH; i++)
      history.record(series[i % SERIES]!, wall + (count + i) / SERIES, NaN, 21.5 + (i % 100) / 100, false);
    await history.flush();
  }
  const rate = (history.counts.stored / (performance.now() - began)) * 1000;
  await history.close();
  return rate;
}

async function fill({
  home,
  devices,
  interval,
  from,
  to,
}: Extract<HistoryWish, { ask: 'fill' }>): Promise<number> {
  let now = from;
  const history = await openNamed(home, () => now);
  const channels = Array.from({ length: devices }, (_, i) => {
    const key = deviceKeyFromId(deviceId(i));
    history.saveDevice({ key, online: 'online' });
    return [history.seriesId(key, 't'), history.seriesId(key, 'h')] as const;
  });
  const values = new Float64Array(devices * 2).fill(30);
  let written = 0;
  for (; now < to; now += interval) {
    history.heard(now);
    for (let i = 0; i < devices; i++) {
      for (let c = 0; c < 2; c++) {
        const walked = (values[i * 2 + c] ?? 0) + (Math.random() - 0.5) / 10;
        values[i * 2 + c] = walked;
        // Two digits, as the sensor sends it; each device a little later than the one before.
        history.record(channels[i]![c]!, now + i * 7, NaN, Math.round(walked * 100) / 100, false);
        written++;
      }
    }
    if (written % FLUSH < devices * 2) await history.flush();
  }
  await history.close();
  return written - history.counts.notKept;
}

self.onmessage = ({ data }: MessageEvent<HistoryWish>) => {
  (data.ask === 'write' ? write(data.ms) : fill(data)).then(
    (value) => self.postMessage({ value }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
};
