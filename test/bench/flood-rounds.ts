import type { Consumer } from './consumers.ts';
import type { Lab } from './lab.ts';
import type { LoadSource } from './load-source.ts';
import { measureFlood, type FloodRun } from './measure-flood.ts';
import { short } from './result.ts';
import type { FloodWish } from './source-messages.ts';
import { spread, type Spread } from './statistics.ts';

/** A thousand devices are met and most of the code is compiled by then, on either side. */
const WARM_MS = { quick: 2000, full: 3000 };

/** Floods the consumers one after the other, round after round. By name, in the order of the rounds. */
export async function floodInRounds(
  lab: Lab,
  plan: { readonly consumers: readonly Consumer[]; readonly source: LoadSource; readonly wish: FloodWish },
): Promise<ReadonlyMap<string, readonly FloodRun[]>> {
  const runs = new Map<string, FloodRun[]>();
  for (let round = 1; round <= lab.rounds; round++) {
    for (const { name, open } of plan.consumers) {
      const tab = await open();
      try {
        const { chromium, windowMs } = lab;
        const warmMs = lab.quick ? WARM_MS.quick : WARM_MS.full;
        const run = await measureFlood({ chromium, tab, ...plan, warmMs, windowMs });
        lab.log(
          `  ${round}: ${name}: ${short(run.messagesPerSecond)} msg/s, ${short(run.cpuPerMessage)} µs/msg, ` +
            `${short(run.fps)} fps, ${run.longTasks.length} long tasks`,
        );
        runs.set(name, [...(runs.get(name) ?? []), run]);
      } catch (error) {
        throw new Error(`${name}, round ${round}: ${String(error)}`, { cause: error });
      } finally {
        await tab.close();
      }
    }
  }
  return runs;
}

/** One side's figure divided by the other's of the same round. */
export function ratios(
  runs: ReadonlyMap<string, readonly FloodRun[]>,
  ours: string,
  other: string,
  figure: (run: FloodRun) => number,
): Spread {
  const others = (runs.get(other) ?? []).map(figure);
  return spread((runs.get(ours) ?? []).map((run, round) => figure(run) / (others[round] ?? Number.NaN)));
}
