import { openApp } from '../app-page.ts';
import { until } from '../cdp.ts';
import type { Lab } from '../lab.ts';
import { LoadSource } from '../load-source.ts';
import { measureFlood } from '../measure-flood.ts';
import { openRecordsPeer } from '../records-peer.ts';
import { short, type FigureResult } from '../result.ts';
import { median, spread } from '../statistics.ts';

const PACKETS_A_FRAME = 10;
/** So many that writing is what there is to do, not WebSocket frames. */
const CHANNELS = 50;
const DEVICES = 100;
const CREDENTIAL = { username: 'bench', password: 'bench' };

/**
 * Samples that become durable each second: made in place, as the peer with one record each makes its own; and through the
 * whole app, which reads them out of JSON first, while as many come as it takes.
 */
export async function historyWrite(lab: Lab): Promise<FigureResult> {
  const inPlace: number[] = [];
  const ours: number[] = [];
  const records: number[] = [];
  for (let round = 1; round <= (lab.quick ? 1 : lab.rounds); round++) {
    const peer = await openRecordsPeer(lab);
    records.push(await peer.ask({ ask: 'write', ms: lab.windowMs }));
    await peer.close();
    inPlace.push(await writeInPlace(lab));
    ours.push(await writeRound(lab));
    const shown = [inPlace, ours, records].map((rates) => short(rates.at(-1) ?? 0));
    lab.log(`  ${round}: ${shown[0]} samples/s in place, ${shown[1]} decoded, one record each ${shown[2]}`);
  }
  const row = (figure: string, rates: readonly number[]) => {
    const value = spread(rates.map((rate, i) => rate / (records[i] ?? Number.NaN)));
    return {
      figure,
      ours: `${short(median(rates))}/s`,
      other: `${short(median(records))}/s`,
      value,
      goal: '>= 45',
      met: value.median >= 45,
    };
  };
  return {
    raw: { inPlace, ours, records },
    rows: [
      row('samples made durable a second, made in place / one record per sample', inPlace),
      row('the same, read out of JSON on the way / one record per sample', ours),
    ],
  };
}

async function writeInPlace(lab: Lab): Promise<number> {
  const tab = await lab.chromium.open(lab.server.peer('history-page', {}));
  try {
    await until(tab, 'globalThis.bench?.history', 'The page that writes a history');
    return await tab.evaluate<number>(`bench.history({ ask: 'write', ms: ${lab.windowMs} })`);
  } finally {
    await tab.close();
  }
}

async function writeRound(lab: Lab): Promise<number> {
  const { source, url: brokerUrl } = await LoadSource.packingBroker(PACKETS_A_FRAME);
  const { chromium, windowMs } = lab;
  const url = lab.server.app({
    profile: { name: 'bench', kind: 'other', urls: [brokerUrl], root: 'devices', protocol: 4 },
  });
  const { tab } = await openApp(chromium, url, 'bench', CREDENTIAL);
  try {
    const readings = {
      devices: DEVICES,
      shape: { kind: 'wide', channels: CHANNELS },
      interval: 1000,
    } as const;
    const wish = { readings, outstanding: 2000 };
    const plan = { chromium, tab, source, wish, warmMs: 2000, windowMs: 2 * windowMs };
    return (await measureFlood(plan)).storedPerSecond;
  } finally {
    await tab.close();
    await source.end();
  }
}
