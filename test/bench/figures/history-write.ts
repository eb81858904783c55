import { openApp } from '../app-page.ts';
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

/** Samples that become durable each second while as many come as the app takes, and the same as one record each. */
export async function historyWrite(lab: Lab): Promise<FigureResult> {
  const ours: number[] = [];
  const records: number[] = [];
  for (let round = 1; round <= (lab.quick ? 2 : lab.rounds); round++) {
    const peer = await openRecordsPeer(lab);
    records.push(await peer.ask({ ask: 'write', ms: lab.windowMs }));
    await peer.close();
    ours.push(await writeRound(lab));
    lab.log(
      `  ${round}: ${short(ours.at(-1) ?? 0)} samples/s, one record each ${short(records.at(-1) ?? 0)}`,
    );
  }
  const value = spread(ours.map((rate, i) => rate / (records[i] ?? Number.NaN)));
  return {
    raw: { ours, records },
    rows: [
      {
        figure: 'samples made durable a second, decoding included / one record per sample',
        ours: `${short(median(ours))}/s`,
        other: `${short(median(records))}/s`,
        value,
        goal: '>= 45',
        met: value.median >= 45,
      },
    ],
  };
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
