import { short } from '../result.ts';
import { median } from '../statistics.ts';
import type { Interruption } from './measure.ts';

/** p50 and p99 of a round, ms. */
type Times = readonly [p50: number, p99: number];

/** What the rounds gave for one architecture. */
export interface ArchitectureResult {
  readonly at100: Times[];
  readonly at1000: Times[];
  /** For a reading of 36 bytes. */
  readonly bytes: number[];
  /** Of a core, 0 to 1, at 1,000 msg/s. */
  readonly bridgeCpu: number[];
  /** msg/s */
  readonly most: number[];
  readonly command: Times[];
}

function times(rounds: readonly Times[]): string {
  return `${short(median(rounds.map(([p50]) => p50)))} / ${short(median(rounds.map(([, p99]) => p99)))}`;
}

/** The architectures side by side, in Markdown; rows where a bridge wins included. */
export function architectureTable(
  results: ReadonlyMap<string, ArchitectureResult>,
  outages: ReadonlyMap<string, Interruption>,
  restarts: ReadonlyMap<string, Interruption>,
  brokerRestart: number,
): string {
  const cost = (interrupted: Interruption | undefined) =>
    interrupted === undefined
      ? 'not tried'
      : `${short(interrupted.lost)} lost, back after ${short(interrupted.backAfter / 1000)} s`;
  const restartOf = (name: string) =>
    name.startsWith('direct') ? 'there is none' : cost(restarts.get(name));
  const measured = [...results].map(([name, result]) =>
    [
      name,
      times(result.at100),
      times(result.at1000),
      short(median(result.bytes)),
      `${short(median(result.bridgeCpu) * 100)} %`,
      short(median(result.most)),
      times(result.command),
      cost(outages.get(name)),
      restartOf(name),
    ].join(' | '),
  );
  const outageOnly = [...outages.keys()]
    .filter((name) => !results.has(name))
    .map((name) =>
      [name, ...new Array<string>(6).fill('as direct'), cost(outages.get(name)), restartOf(name)].join(' | '),
    );
  return [
    '| architecture | latency p50 / p99 at 100 msg/s, ms | at 1,000 msg/s, ms | bytes for a 36-byte reading | CPU of the bridge at 1,000 msg/s | most msg/s to one browser | command to answer p50 / p99, ms | outage of 10 s at 100 msg/s | restart of the server in between |',
    '|---|---|---|---|---|---|---|---|---|',
    ...[...measured, ...outageOnly].map((line) => `| ${line} |`),
    '',
    `A restart of the broker itself concerns all of them: direct is back after ${short(brokerRestart / 1000)} s.`,
  ].join('\n');
}
