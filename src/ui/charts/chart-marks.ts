import type { Chart, Plugin } from 'chart.js';
import type { Gap } from '../../engine-api/series.ts';

/** What is drawn beside the line. Times are epoch ms. */
export interface ChartMarks {
  gaps: readonly Gap[];
  hovered: number | undefined;
  /** The newest sample, where it is live. */
  edge: { readonly x: number; readonly y: number } | undefined;
  limits: readonly number[];
  /** When a rule about the channel was broken. */
  breaches: readonly Gap[];
  colours: {
    readonly quiet: string;
    readonly grid: string;
    readonly ink: string;
    readonly series: string;
    readonly alert: string;
  };
}

const HATCH = 6;

function hatchBand(chart: Chart, from: number, to: number, colour: string): void {
  const { ctx, chartArea, scales } = chart;
  const left = Math.max(chartArea.left, scales['x']?.getPixelForValue(from) ?? 0);
  const right = Math.min(chartArea.right, scales['x']?.getPixelForValue(to) ?? 0);
  if (right <= left) return;
  const height = chartArea.bottom - chartArea.top;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, chartArea.top, right - left, height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.4;
  ctx.lineWidth = 1;
  ctx.beginPath();
  // From a fixed origin, so that the hatching stands still while the band grows.
  for (let x = left - height - (left % HATCH); x < right; x += HATCH) {
    ctx.moveTo(x, chartArea.bottom);
    ctx.lineTo(x + height, chartArea.top);
  }
  ctx.stroke();
  ctx.restore();
}

/** A pale band, with its edge drawn at the top: a short one is seen as well, and nothing under it is hidden. */
function breachBand(chart: Chart, from: number, to: number, colour: string): void {
  const { ctx, chartArea, scales } = chart;
  const left = Math.max(chartArea.left, scales['x']?.getPixelForValue(from) ?? 0);
  const right = Math.min(chartArea.right, scales['x']?.getPixelForValue(to) ?? 0);
  if (right < left) return;
  const width = Math.max(2, right - left);
  ctx.save();
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.14;
  ctx.fillRect(left, chartArea.top, width, chartArea.bottom - chartArea.top);
  ctx.globalAlpha = 1;
  ctx.fillRect(left, chartArea.top, width, 3);
  ctx.restore();
}

function upright(chart: Chart, at: number, colour: string): void {
  const { ctx, chartArea, scales } = chart;
  const x = scales['x']?.getPixelForValue(at) ?? 0;
  if (x < chartArea.left || x > chartArea.right) return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
}

function limitLine(chart: Chart, value: number, colour: string): void {
  const { ctx, chartArea, scales } = chart;
  const y = scales['y']?.getPixelForValue(value) ?? 0;
  if (y < chartArea.top || y > chartArea.bottom) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(chartArea.left, y);
  ctx.lineTo(chartArea.right, y);
  ctx.stroke();
  ctx.restore();
}

/** Draws gaps as hatched bands and alerts as pale ones under the line, and the limits, the live edge and the hovered moment over it. */
export function marksPlugin(marks: ChartMarks): Plugin<'line'> {
  return {
    id: 'marks',
    beforeDatasetsDraw(chart) {
      for (const { from, to } of marks.gaps) hatchBand(chart, from, to, marks.colours.quiet);
      for (const { from, to } of marks.breaches) breachBand(chart, from, to, marks.colours.alert);
      for (const limit of marks.limits) limitLine(chart, limit, marks.colours.quiet);
    },
    afterDatasetsDraw(chart) {
      const { ctx, scales } = chart;
      if (marks.hovered !== undefined) upright(chart, marks.hovered, marks.colours.ink);
      if (marks.edge === undefined) return;
      ctx.fillStyle = marks.colours.series;
      ctx.beginPath();
      const x = scales['x']?.getPixelForValue(marks.edge.x) ?? 0;
      const y = scales['y']?.getPixelForValue(marks.edge.y) ?? 0;
      ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
      ctx.fill();
    },
  };
}
