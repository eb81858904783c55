import { setTimeout as delay } from 'node:timers/promises';
import { startChromium, until, type Chromium } from '../cdp.ts';
import { fillHistory } from '../fill-history.ts';
import type { Lab } from '../lab.ts';
import { deviceId, type Readings } from '../readings.ts';
import { short, type FigureResult } from '../result.ts';
import { median, percentile, spread } from '../statistics.ts';

const CHARTS = 12;
const UPDATES_A_SECOND = 10;
/** The shortest range of a device's page. */
const SPAN_MS = 15 * 60_000;
/** So that all twelve charts are in sight: the app draws no others. */
const HEIGHT = 4200;
const SETTLE_MS = 1500;

interface ChartRun {
  /** What the main thread was busy, ms for each second. */
  readonly busy: number;
  /** The longest task, ms. */
  readonly longest: number;
  readonly p99: number;
}

/** Twelve live charts of a device's page over many samples and over few. */
export async function charts(lab: Lab): Promise<FigureResult> {
  const chromium = await startChromium(undefined, HEIGHT);
  const [few, many]: [ChartRun[], ChartRun[]] = [[], []];
  try {
    for (let round = 1; round <= (lab.quick ? 2 : 5); round++) {
      few.push(await chartRound(lab, chromium, 1000));
      many.push(await chartRound(lab, chromium, 10_000));
      const text = [few.at(-1), many.at(-1)].map(
        (run) => `${short(run?.busy ?? 0)} ms/s (longest ${short(run?.longest ?? 0)} ms)`,
      );
      lab.log(`  ${round}: over 1,000 samples ${text[0]}, over 10,000 ${text[1]}`);
    }
  } finally {
    await chromium.remove();
  }
  const value = spread(many.map(({ busy }, i) => busy / (few[i]?.busy ?? Number.NaN)));
  const longest = spread(many.map((run) => run.longest));
  const busy = (runs: readonly ChartRun[]) =>
    `${short(median(runs.map((run) => run.busy)))} ms busy a second`;
  return {
    raw: { few, many },
    rows: [
      {
        figure: `${CHARTS} live charts over 10,000 samples each at ${UPDATES_A_SECOND} updates/s / over 1,000`,
        ours: busy(many),
        other: busy(few),
        value,
        goal: '<= 1.1',
        met: value.median <= 1.1,
      },
      {
        figure: 'the longest task of the page meanwhile, ms',
        ours: `${short(longest.median)} ms`,
        other: '-',
        value: longest,
        goal: '<= 8',
        met: longest.median <= 8,
      },
    ],
  };
}

async function chartRound(lab: Lab, chromium: Chromium, samples: number): Promise<ChartRun> {
  const readings: Readings = {
    devices: 1,
    shape: { kind: 'wide', channels: CHARTS },
    interval: SPAN_MS / samples,
  };
  const filling = { readings, messages: samples, samplesEach: CHARTS, span: SPAN_MS };
  const { app, source } = await fillHistory(lab.server, chromium, filling);
  const { tab } = app;
  await tab.evaluate(`location.hash = '#/device/${deviceId(0)}?range=15m'`);
  const drawn = `[...document.querySelectorAll('[data-chart]')].filter(({ dataset }) => dataset.points > 500).length`;
  await until(tab, `${drawn} === ${CHARTS}`, `${CHARTS} charts`);
  source.pace({ readings, perSecond: UPDATES_A_SECOND });
  await delay(SETTLE_MS);
  const ms = lab.quick ? lab.windowMs : 2 * lab.windowMs;
  const tasks = (await chromium.traceTasks(ms)).map(({ duration }) => duration);
  await source.halt();
  await tab.close();
  await source.end();
  if (tasks.length === 0) throw new Error('The browser traced no tasks.');
  return {
    busy: tasks.reduce((sum, duration) => sum + duration, 0) / (ms / 1000),
    longest: Math.max(...tasks),
    p99: percentile(tasks, 0.99),
  };
}
