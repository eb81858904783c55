import { setTimeout as delay } from 'node:timers/promises';
import { until, type Tab } from '../cdp.ts';
import type { Lab } from '../lab.ts';
import { measureFlood } from '../measure-flood.ts';
import { pageClockAhead } from '../page-clock.ts';
import type { PageReading } from '../page/bench-page.ts';
import type { Sent } from '../source-messages.ts';
import { DEVICES, PROBE, type Contestant } from './contestant.ts';
import { startCountingProxy } from './counting-proxy.ts';

const READINGS = { devices: DEVICES, shape: { kind: 'climate' }, interval: 1000 } as const;
const TOPIC = `devices/${PROBE}/telemetry`;
const COMMANDS = 50;
const SETTLE_MS = 300;

export type Arrivals = readonly (readonly [seq: number, at: number])[];

export async function openPage(lab: Lab, contestant: Contestant, port = contestant.port): Promise<Tab> {
  const tab = await lab.chromium.open(lab.server.peer('architecture-page', contestant.wish(port)));
  await until(tab, 'globalThis.bench?.ready', `The subscription of ${contestant.name}`);
  return tab;
}

/** Publish to parsed on the page, ms for each probe, and how much of a core the bridge used meanwhile. */
export async function delivery(
  { source, bridge }: Contestant,
  tab: Tab,
  perSecond: number,
  ms: number,
): Promise<{ waits: number[]; bridgeCpu: number }> {
  const ahead = await pageClockAhead(tab);
  const before = bridge?.cpu() ?? 0;
  source.pace({ readings: READINGS, perSecond, probe: { topic: TOPIC, every: 17 } });
  await delay(ms);
  const { probes } = await source.halt();
  const bridgeCpu = ((bridge?.cpu() ?? 0) - before) / (ms / 1000);
  await delay(SETTLE_MS);
  const arrived = new Map(await tab.evaluate<Arrivals>('bench.arrivals()'));
  const waits = probes.map(([seq, at]) => {
    const when = arrived.get(seq);
    if (when === undefined) throw new Error(`Probe ${seq} of ${probes.length} did not arrive.`);
    return when - ahead - at;
  });
  return { waits, bridgeCpu };
}

/** Milliseconds from a command's sending to the device's own answer, one after the other. */
export function commandTimes(tab: Tab): Promise<number[]> {
  return tab.evaluate<number[]>(
    `(async () => { const ms = []; for (let i = 0; i < ${COMMANDS}; i++) ms.push(await bench.command('${PROBE}')); return ms; })()`,
  );
}

export async function mostPerSecond(lab: Lab, { source }: Contestant, tab: Tab): Promise<number> {
  const { chromium, windowMs } = lab;
  const wish = { readings: READINGS, outstanding: 8000 };
  return (await measureFlood({ chromium, tab, source, wish, warmMs: 700, windowMs })).messagesPerSecond;
}

/** Bytes of TCP payload from the server to the browser for each reading of 36 bytes, at 1,000 a second. */
export async function bytesPerReading(lab: Lab, contestant: Contestant, ms: number): Promise<number> {
  const proxy = await startCountingProxy(contestant.port);
  const tab = await openPage(lab, contestant, proxy.port);
  await delay(SETTLE_MS);
  const before = proxy.bytes();
  contestant.source.pace({ readings: READINGS, perSecond: 1000 });
  await delay(ms);
  const { count } = await contestant.source.halt();
  await delay(SETTLE_MS);
  const { received } = await tab.evaluate<PageReading>('bench.read()');
  const bytes = proxy.bytes() - before;
  await tab.close();
  await proxy.stop();
  if (received !== count)
    throw new Error(`${contestant.name}: ${count} readings were sent and ${received} received.`);
  return bytes / count;
}

/** What an interruption cost one page. */
export interface Interruption {
  readonly lost: number;
  /** From `since` to the first probe that was sent and arrived after it, ms. */
  readonly backAfter: number;
}

/** @param since epoch ms */
export function interruption({ probes }: Sent, arrivals: Arrivals, since: number): Interruption {
  const arrived = new Map(arrivals);
  const fresh = probes.find(([seq, at]) => at > since && arrived.has(seq));
  return {
    lost: probes.filter(([seq]) => !arrived.has(seq)).length,
    backAfter: fresh === undefined ? Infinity : (arrived.get(fresh[0]) ?? Infinity) - since,
  };
}

/** Probes alone, a hundred a second. */
export const PROBES_ALONE = {
  readings: READINGS,
  perSecond: 0,
  probe: { topic: TOPIC, every: 10 },
} as const;
