import { Chart, LineController, LineElement, LinearScale, PointElement } from 'chart.js';
import type { ChartDataset } from 'chart.js';
import type { ChartPoint } from './chart-series.ts';
import { marksPlugin } from './chart-marks.ts';
import type { ChartMarks } from './chart-marks.ts';
import { shortText } from '../words/visible-text.ts';
import { tickLabel, timeTicks } from './time-ticks.ts';

// Only what a line needs: the whole of Chart.js is three times as large.
Chart.register(LineController, LineElement, LinearScale, PointElement);

/** The same for all charts of a page, so that their time axes stand under each other. */
export const AXIS_WIDTH = 64;
const PIXELS_PER_TICK = 72;

export interface LineChartOptions {
  /** The line keeps its value until the next one: for booleans and texts. */
  readonly stepped: boolean;
  /** What stands on the value axis. */
  readonly unit: string | undefined;
  /** The texts that values stand for, where the channel is a text. */
  readonly labels: () => readonly string[];
  readonly yesNo: boolean;
  /** The value axis shows at least this much. */
  readonly leastSpan: number;
  readonly marks: ChartMarks;
}

/** Points without a neighbour, which a line alone would not show. */
function isolated(points: readonly ChartPoint[]): ChartPoint[] {
  const empty = (i: number): boolean => Number.isNaN(points[i]?.y ?? Number.NaN);
  return points.filter((_, i) => !empty(i) && empty(i - 1) && empty(i + 1));
}

/** One line over time on a canvas. */
export class LineChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #options: LineChartOptions;
  /** Made with what is drawn first: laying out an empty one costs as much, and the page waits for it. */
  #chart: Chart<'line', ChartPoint[]> | undefined;
  readonly #line: ChartDataset<'line', ChartPoint[]>;
  readonly #alone: ChartDataset<'line', ChartPoint[]>;
  /** Of the time axis, in ms. */
  #step = 60_000;

  constructor(canvas: HTMLCanvasElement, options: LineChartOptions) {
    const { series } = options.marks.colours;
    this.#canvas = canvas;
    this.#options = options;
    this.#line = {
      data: [],
      borderColor: series,
      borderWidth: 1.75,
      pointRadius: 0,
      stepped: options.stepped,
      spanGaps: false,
    };
    this.#alone = { data: [], backgroundColor: series, showLine: false, pointRadius: 2, borderWidth: 0 };
  }

  /** It has been drawn before. */
  get begun(): boolean {
    return this.#chart !== undefined;
  }

  /** How many pixels wide the plot is. */
  get pixels(): number {
    // A canvas has a size of its own until the chart gives it that of what it lies in.
    const width = this.#chart?.width ?? this.#canvas.parentElement?.clientWidth ?? 0;
    return Math.max(100, width - AXIS_WIDTH);
  }

  /** The moment under a horizontal position on the canvas, in epoch ms. */
  momentAt(offsetX: number): number | undefined {
    const { chartArea, scales } = this.#chart ?? {};
    if (chartArea === undefined || offsetX < chartArea.left || offsetX > chartArea.right) return undefined;
    return scales?.['x']?.getValueForPixel(offsetX);
  }

  /** Draws `points` on an axis from `from` to `to` (epoch ms). */
  draw(points: readonly ChartPoint[], from: number, to: number): void {
    this.#line.data = points as ChartPoint[];
    this.#alone.data = isolated(points);
    if (this.#chart === undefined) {
      this.#chart = this.#made(from, to);
      return;
    }
    const x = this.#chart.options.scales?.['x'];
    if (x !== undefined) [x.min, x.max] = [from, to];
    this.#chart.update('none');
  }

  /** Draws again with another hovered moment. */
  hover(at: number | undefined): void {
    const { marks } = this.#options;
    if (at === marks.hovered) return;
    marks.hovered = at;
    this.#chart?.draw();
  }

  destroy(): void {
    this.#chart?.destroy();
  }

  #made(from: number, to: number): Chart<'line', ChartPoint[]> {
    const options = this.#options;
    const { quiet, grid } = options.marks.colours;
    return new Chart<'line', ChartPoint[]>(this.#canvas, {
      type: 'line',
      data: { datasets: [this.#line, this.#alone] },
      plugins: [marksPlugin(options.marks)],
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        // Room for half of the mark at the live edge.
        layout: { padding: { right: 6, top: 4 } },
        scales: {
          x: {
            type: 'linear',
            min: from,
            max: to,
            grid: { color: grid, drawTicks: false },
            border: { display: false },
            ticks: {
              color: quiet,
              maxRotation: 0,
              padding: 6,
              callback: (at) => this.#tickLabel(Number(at)),
            },
            afterBuildTicks: (scale) => {
              const offset = -new Date(scale.max).getTimezoneOffset() * 60_000;
              const most = Math.max(2, Math.floor(scale.width / PIXELS_PER_TICK));
              const ticks = timeTicks(scale.min, scale.max, most, offset);
              this.#step = ticks.step;
              scale.ticks = ticks.at.map((value) => ({ value }));
            },
          },
          y: {
            type: 'linear',
            grid: { color: grid, drawTicks: false },
            border: { display: false },
            title: { display: options.unit !== undefined, text: options.unit ?? '', color: quiet },
            ticks: {
              color: quiet,
              maxTicksLimit: 5,
              padding: 6,
              callback: (value) => valueLabel(Number(value), options),
              ...(options.stepped ? { stepSize: 1 } : {}),
            },
            ...(options.yesNo ? { min: -0.2, max: 1.2 } : {}),
            afterDataLimits: (scale) => {
              const least = Math.max(options.leastSpan, Math.abs(scale.max + scale.min) / 200);
              const missing = least - (scale.max - scale.min);
              if (missing <= 0) return;
              scale.min -= missing / 2;
              scale.max += missing / 2;
            },
            afterFit: (scale) => {
              scale.width = AXIS_WIDTH;
            },
          },
        },
      },
    });
  }

  #tickLabel(at: number): string {
    return tickLabel(at, this.#step);
  }
}

const NUMBERS = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 5, useGrouping: false });

function valueLabel(value: number, options: LineChartOptions): string {
  const labels = options.labels();
  if (labels.length > 0) return shortText(labels[value] ?? '', 9);
  if (options.yesNo) return value === 1 ? 'on' : value === 0 ? 'off' : '';
  return Math.abs(value) >= 1e6 ? value.toExponential(1) : NUMBERS.format(value);
}
