import { setTimeout as delay } from 'node:timers/promises';
import { startBenchMosquitto } from '../brokers/bench-mosquitto.ts';
import type { Tab } from '../cdp.ts';
import { appConsumer, firstReadings, peerConsumer, type Reach } from '../consumers.ts';
import type { Lab } from '../lab.ts';
import { LoadSource } from '../load-source.ts';
import { pageClockAhead } from '../page-clock.ts';
import type { Shown } from '../page/pixel-watch.ts';
import { short, type FigureResult, type Row } from '../result.ts';
import type { PaceWish, Sent } from '../source-messages.ts';
import { percentile, spread } from '../statistics.ts';

const DEVICES = 1000;
const PROBE = 'a-probe';
const WISH: PaceWish = {
  readings: { devices: DEVICES, shape: { kind: 'climate' }, interval: 1000 },
  perSecond: 1000,
  // No multiple of a frame, so that probes fall anywhere between two.
  probe: { topic: `devices/${PROBE}/telemetry`, every: 53 },
};

/** The time from publishing a number to the end of the frame that shows it, while a thousand others come each second. */
export async function latency(lab: Lab): Promise<FigureResult> {
  const broker = await startBenchMosquitto();
  const source = await LoadSource.publisher(broker.port, {
    ...broker.credential('fleet'),
    clientId: 'fleet',
  });
  const reach: Reach = {
    profile: { name: 'bench', kind: 'mosquitto', urls: [broker.ws], root: 'devices' },
    credential: broker.credential('viewer'),
  };
  const first = { topic: `devices/${PROBE}/telemetry`, payload: '{"seq":0}' };
  const prime = async () => {
    await source.say([first, ...firstReadings(DEVICES)]);
    await delay(500);
  };
  const sides = [
    {
      ...peerConsumer(lab, reach, 'bare page', 'text-page', {}),
      prime,
      selector: `[data-value="${PROBE}/seq"]`,
    },
    {
      ...appConsumer(lab, reach, prime, DEVICES + 1),
      prime: async () => undefined,
      selector: `[data-device="${PROBE}"] [data-channel="seq"]`,
    },
  ];
  const rounds = new Map<string, number[][]>();
  try {
    for (let round = 1; round <= (lab.quick ? 2 : lab.rounds); round++) {
      for (const side of sides) {
        const tab = await side.open();
        await side.prime();
        const waits = await probeTimes(tab, source, side.selector, 2 * lab.windowMs);
        await tab.close();
        rounds.set(side.name, [...(rounds.get(side.name) ?? []), waits]);
        lab.log(`  ${round}: ${side.name}: ${times(waits)}`);
      }
    }
  } finally {
    await source.end();
    await broker.stop();
  }
  const [bare = [], ours = []] = [rounds.get('bare page'), rounds.get('Telltale')];
  const row = (share: number): Row => {
    const value = spread(ours.map((waits, i) => percentile(waits, share) / percentile(bare[i] ?? [], share)));
    return {
      figure: `publish to pixel at 1,000 msg/s, p${share * 100} / bare page that writes textContent`,
      ours: `${short(percentile(ours.flat(), share))} ms`,
      other: `${short(percentile(bare.flat(), share))} ms`,
      value,
      goal: '<= 1.1',
      met: value.median <= 1.1,
    };
  };
  return { rows: [row(0.5), row(0.95)], raw: Object.fromEntries(rounds) };
}

function times(waits: readonly number[]): string {
  return [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${short(percentile(waits, share))} ms`).join(', ');
}

async function probeTimes(tab: Tab, source: LoadSource, selector: string, ms: number): Promise<number[]> {
  await tab.evaluate(`bench.watchPixels(${JSON.stringify(selector)})`);
  const ahead = await pageClockAhead(tab);
  source.pace(WISH);
  await delay(ms);
  const sent = await source.halt();
  await delay(300);
  return waitsOf(sent, await tab.evaluate<Shown[]>('bench.shown()'), ahead);
}

/** @throws Error when a probe never reached the screen */
function waitsOf({ probes }: Sent, shown: readonly Shown[], ahead: number): number[] {
  return probes.map(([seq, at]) => {
    // A late frame shows the newest of several: by then the ones before it are overtaken, and as late.
    const when = shown.find(([number]) => number >= seq)?.[1];
    if (when === undefined) throw new Error(`Probe ${seq} of ${probes.length} never reached the screen.`);
    return when - ahead - at;
  });
}
