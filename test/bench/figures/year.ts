import { BenchServer } from '../bench-server.ts';
import { startChromium, until, type Tab } from '../cdp.ts';
import type { Lab } from '../lab.ts';
import type { HistoryWish } from '../peers/history-worker.ts';
import { deviceId } from '../readings.ts';
import { homeName } from '../../../src/model/broker.ts';
import { RANGES, type Range } from '../../../src/ui/parse-address.ts';
import { short, type FigureResult } from '../result.ts';
import { spread } from '../statistics.ts';

const DEVICES = 24;
const INTERVAL = 10_000;
const DAY = 86_400_000;
const BROKER = 'bench';
const USERNAME = 'bench';
/** A port on which nobody listens: the app shows what it remembers. */
const NOBODY = 'ws://127.0.0.1:9/';

interface Shown {
  readonly ms: number;
  readonly points: readonly number[];
}

/**
 * A year of a small fleet, written by the history's own code into the database of the built app, and each range of its
 * device page from the click to the end of the frame that shows it.
 */
export async function year(lab: Lab): Promise<FigureResult> {
  const days = lab.quick ? 30 : 365;
  const server = await BenchServer.start(lab.dist, lab.peers);
  const chromium = await startChromium();
  try {
    const profile = { name: BROKER, kind: 'other' as const, urls: [NOBODY], root: 'devices' };
    const url = server.app({ profile });
    const base = new URL(url).pathname;
    const to = Date.now();
    const wish: HistoryWish = {
      ask: 'fill',
      home: homeName({ base, broker: BROKER, username: USERNAME }),
      devices: DEVICES,
      interval: INTERVAL,
      from: to - days * DAY,
      to,
    };
    const remembered = {
      key: `telltale:${base}:homes`,
      homes: [{ broker: BROKER, username: USERNAME }],
    };
    const filler = await chromium.open(server.peer('history-page', {}));
    await until(filler, 'globalThis.bench?.history', 'The page that fills the history');
    const began = performance.now();
    const samples = await filler.evaluate<number>(`bench.history(${JSON.stringify(wish)})`);
    // As the app's sign-in does.
    await filler.evaluate(
      `localStorage.setItem(${JSON.stringify(remembered.key)}, ${JSON.stringify(JSON.stringify(remembered.homes))})`,
    );
    await filler.close();
    const seconds = (performance.now() - began) / 1000;
    lab.log(`  ${days} days of ${DEVICES} devices: ${short(samples)} samples in ${seconds.toFixed(0)} s`);
    const tab = await chromium.open(url);
    await until(tab, `document.querySelector('[data-device]')`, 'The remembered fleet');
    const ranges = (Object.keys(RANGES) as Range[]).filter((range) => RANGES[range] <= days * DAY);
    const raw = await showRanges(tab, ranges, lab.quick ? 3 : lab.rounds);
    for (const range of ranges) lab.log(`  ${range}: ${(raw[range] ?? []).map(short).join(', ')} ms`);
    const rounds = raw[ranges[0]!]!.map((_, round) =>
      Math.max(...ranges.map((range) => raw[range]![round]!)),
    );
    const value = spread(rounds);
    return {
      raw: { samples, seconds, raw },
      rows: [
        {
          figure: `${days} days of ${DEVICES} devices at a reading every 10 s: the slowest range, from click to screen, ms`,
          ours: `${short(value.median)} ms`,
          other: '-',
          value,
          goal: '< 150',
          met: value.median < 150,
        },
      ],
    };
  } finally {
    await chromium.remove();
    await server.stop();
  }
}

/** Each range of another device in each round, so that none is read a second time. @throws Error when a chart is empty */
async function showRanges(
  tab: Tab,
  ranges: readonly Range[],
  rounds: number,
): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    const id = deviceId(round);
    // The device's page is there already when a range is chosen.
    await tab.evaluate(`bench.showCharts('#/device/${id}?range=${ranges.at(-1)}')`);
    for (const range of ranges) {
      const { ms, points } = await tab.evaluate<Shown>(`bench.showCharts('#/device/${id}?range=${range}')`);
      if (points.length !== 2 || points.some((count) => count < 50))
        throw new Error(`The charts of ${range} have ${points.join(' and ')} points.`);
      (found[range] ??= []).push(ms);
    }
  }
  return found;
}
