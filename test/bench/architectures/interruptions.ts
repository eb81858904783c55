import { setTimeout as delay } from 'node:timers/promises';
import type { BenchMosquitto } from '../brokers/bench-mosquitto.ts';
import type { Lab } from '../lab.ts';
import { LoadSource } from '../load-source.ts';
import { preciseNow } from '../pace.ts';
import type { Contestant } from './contestant.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { interruption, openPage, PROBES_ALONE, type Arrivals, type Interruption } from './measure.ts';

const OUTAGE_MS = 10_000;
const BEFORE_MS = 1000;
/** Time to come back and to fetch what waited. */
const AFTER_MS = 4000;
const SETTLE_MS = 500;

/** Unplugs every page from its server for ten seconds, all at once; the devices go on publishing a hundred a second. */
export async function outage(
  lab: Lab,
  contestants: readonly Contestant[],
  source: LoadSource,
): Promise<ReadonlyMap<string, Interruption>> {
  const pages = await Promise.all(
    contestants.map(async (contestant) => {
      const proxy = await startCountingProxy(contestant.port);
      return { contestant, proxy, tab: await openPage(lab, contestant, proxy.port) };
    }),
  );
  source.pace(PROBES_ALONE);
  await delay(BEFORE_MS);
  await Promise.all(pages.map(({ proxy }) => proxy.unplug()));
  await delay(OUTAGE_MS);
  await Promise.all(pages.map(({ proxy }) => proxy.plugIn()));
  const since = preciseNow();
  await delay(AFTER_MS);
  const sent = await source.halt();
  await delay(SETTLE_MS);
  const results = new Map<string, Interruption>();
  for (const { contestant, proxy, tab } of pages) {
    const arrivals = await tab.evaluate<Arrivals>('bench.arrivals()');
    results.set(contestant.name, interruption(sent, arrivals, since));
    await tab.close();
    await proxy.stop();
  }
  return results;
}

/** Kills every bridge and starts it again at once, while a hundred messages come each second. */
export async function bridgeRestarts(
  lab: Lab,
  contestants: readonly Contestant[],
  source: LoadSource,
): Promise<ReadonlyMap<string, Interruption>> {
  const tabs = await Promise.all(contestants.map((contestant) => openPage(lab, contestant)));
  source.pace(PROBES_ALONE);
  await delay(BEFORE_MS);
  const since = preciseNow();
  await Promise.all(contestants.map(({ bridge }) => bridge?.restart()));
  await delay(AFTER_MS);
  const sent = await source.halt();
  await delay(SETTLE_MS);
  const results = new Map<string, Interruption>();
  for (const [i, tab] of tabs.entries()) {
    const arrivals = await tab.evaluate<Arrivals>('bench.arrivals()');
    results.set(contestants[i]?.name ?? '', interruption(sent, arrivals, since));
    await tab.close();
  }
  return results;
}

/** Restarts the broker; the devices come back at once. From the restart to the first message on the page, ms. */
export async function brokerRestart(
  lab: Lab,
  contestant: Contestant,
  broker: BenchMosquitto,
): Promise<number> {
  const tab = await openPage(lab, contestant);
  const since = preciseNow();
  await broker.restart();
  const source = await LoadSource.publisher(broker.port, {
    ...broker.credential('fleet'),
    clientId: 'fleet',
  });
  source.pace(PROBES_ALONE);
  await delay(AFTER_MS);
  const sent = await source.halt();
  const { backAfter } = interruption(sent, await tab.evaluate<Arrivals>('bench.arrivals()'), since);
  await tab.close();
  await source.end();
  return backAfter;
}
