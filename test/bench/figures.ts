import { alerts } from './figures/alerts.ts';
import { architectures } from './figures/architectures.ts';
import { command } from './figures/command.ts';
import { charts } from './figures/charts.ts';
import { historyRead } from './figures/history-read.ts';
import { historySize } from './figures/history-size.ts';
import { historyWrite } from './figures/history-write.ts';
import { snapshot } from './figures/snapshot.ts';
import { ingest } from './figures/ingest.ts';
import { latency } from './figures/latency.ts';
import { packed } from './figures/packed.ts';
import { year } from './figures/year.ts';
import type { Lab } from './lab.ts';
import type { FigureResult } from './result.ts';

export interface Figure {
  measure(lab: Lab): Promise<FigureResult>;
  /** The most that it may take, s. */
  readonly seconds: number;
  /** Missing where a quick run leaves it out. */
  readonly quickSeconds?: number;
}

/** Every group of figures by the name that `--only` knows it by, in the order in which they run. */
export const figures: ReadonlyMap<string, Figure> = new Map([
  ['ingest', { measure: ingest, seconds: 420, quickSeconds: 120 }],
  ['alerts', { measure: alerts, seconds: 420, quickSeconds: 150 }],
  ['latency', { measure: latency, seconds: 300, quickSeconds: 90 }],
  ['command', { measure: command, seconds: 200, quickSeconds: 60 }],
  ['packed', { measure: packed, seconds: 400, quickSeconds: 120 }],
  ['history-write', { measure: historyWrite, seconds: 400, quickSeconds: 90 }],
  ['history-read', { measure: historyRead, seconds: 600, quickSeconds: 90 }],
  // Of few readings most bytes are what the browser's database keeps anyway: nothing that a quick run could tell.
  ['history-size', { measure: historySize, seconds: 1800 }],
  ['year', { measure: year, seconds: 1200, quickSeconds: 120 }],
  ['snapshot', { measure: snapshot, seconds: 200, quickSeconds: 60 }],
  ['charts', { measure: charts, seconds: 300, quickSeconds: 90 }],
  ['architectures', { measure: architectures, seconds: 600, quickSeconds: 200 }],
]);
