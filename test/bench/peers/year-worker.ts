// Writes a long past of a small fleet through the history's own code, into the database of a home of the built app, as
// fast as it goes: a flush holds an hour and more instead of a second, and the history's clock is that of the readings.
import { openHistory } from '../../../src/engine/history.ts';
import { deviceKeyFromId } from '../../../src/model/device.ts';
import { openDatabase } from '../../../src/storage/open-database.ts';
import { deviceId } from '../readings.ts';

export interface YearWish {
  /** The database. */
  readonly home: string;
  readonly devices: number;
  /** Between two readings of one device, ms. */
  readonly interval: number;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
}

/** Samples of one flush: as many as the app takes at most. */
const FLUSH = 10_000;

async function fill({ home, devices, interval, from, to }: YearWish): Promise<number> {
  let now = from;
  const history = await openHistory({
    name: home,
    open: openDatabase,
    clock: {
      now: () => now,
      elapsed: () => now - from,
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    onChange: () => {},
  });
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

self.onmessage = ({ data }: MessageEvent<YearWish>) => {
  fill(data).then(
    (value) => self.postMessage({ value }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
};
