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
const AXIS_WIDTH = 64;
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
  #chart: Chart<'line', ChartPoint[]>;
  #line: ChartDataset<'line', ChartPoint[]>;
  #alone: ChartDataset<'line', ChartPoint[]>;
  #marks: ChartMarks;

  constructor(canvas: HTMLCanvasElement, options: LineChartOptions) {
    const { marks } = options;
    const { series, quiet, grid } = marks.colours;
    this.#marks = marks;
    this.#line = {
      data: [],
      borderColor: series,
      borderWidth: 1.75,
      pointRadius: 0,
      stepped: options.stepped,
      spanGaps: false,
    };
    this.#alone = { data: [], backgroundColor: series, showLine: false, pointRadius: 2, borderWidth: 0 };
    this.#chart = new Chart<'line', ChartPoint[]>(canvas, {
      type: 'line',
      data: { datasets: [this.#line, this.#alone] },
      plugins: [marksPlugin(marks)],
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

  #step = 60_000;

  /** How many pixels wide the plot is. */
  get pixels(): number {
    return Math.max(100, this.#chart.width - AXIS_WIDTH);
  }

  /** The moment under a horizontal position on the canvas, in epoch ms. */
  momentAt(offsetX: number): number | undefined {
    const { chartArea, scales } = this.#chart;
    if (chartArea === undefined || offsetX < chartArea.left || offsetX > chartArea.right) return undefined;
    return scales['x']?.getValueForPixel(offsetX);
  }

  /** Draws `points` on an axis from `from` to `to` (epoch ms). */
  draw(points: readonly ChartPoint[], from: number, to: number): void {
    const x = this.#chart.options.scales?.['x'];
    if (x !== undefined) [x.min, x.max] = [from, to];
    this.#line.data = points as ChartPoint[];
    this.#alone.data = isolated(points);
    this.#chart.update('none');
  }

  /** Draws again with another hovered moment. */
  hover(at: number | undefined): void {
    if (at === this.#marks.hovered) return;
    this.#marks.hovered = at;
    this.#chart.draw();
  }

  destroy(): void {
    this.#chart.destroy();
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
