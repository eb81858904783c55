import { describe, expect, test } from 'vitest';
import type { SeriesPoints } from '../../../../src/engine-api/series.ts';
import { ChartSeries } from '../../../../src/ui/charts/chart-series.ts';
import { seriesHue } from '../../../../src/ui/charts/series-colour.ts';
import { sparkPath } from '../../../../src/ui/charts/spark-path.ts';
import { SparkTurns } from '../../../../src/ui/charts/spark-turns.ts';
import { timeTicks } from '../../../../src/ui/charts/time-ticks.ts';

function answer(at: readonly number[], breakAfter = 1000, labels?: readonly string[]): SeriesPoints {
  return { at: Float64Array.from(at), value: Float64Array.from(at), samples: at.length, breakAfter, labels };
}

const drawn = (series: ChartSeries, gaps = [] as { from: number; to: number }[]) =>
  series.points(0, 100_000, 1000, gaps).map(({ x, y }) => (Number.isNaN(y) ? 'break' : x));

describe('the points of a chart', () => {
  test('silence longer than usual breaks the line', () => {
    const series = new ChartSeries();
    series.load(answer([0, 500, 1000, 9000]));
    expect(drawn(series)).toEqual([0, 500, 1000, 'break', 9000]);
  });

  test('a stretch in which nobody listened breaks it, however short', () => {
    const series = new ChartSeries();
    series.load(answer([0, 500, 1000]));
    expect(drawn(series, [{ from: 600, to: 700 }])).toEqual([0, 500, 'break', 1000]);
  });

  test('live samples join the history once', () => {
    const series = new ChartSeries();
    series.append(900, 900);
    series.append(1400, 1400);
    series.load(answer([500, 900]));
    series.append(900, 900);
    expect(drawn(series)).toEqual([500, 900, 1400]);
    expect(series.near(1390, 50)).toEqual({ at: 1400, value: 1400, live: true });
    expect(series.near(910, 50)?.live).toBe(false);
    expect(series.near(1150, 50)).toBeUndefined();
  });

  test('texts keep their labels and get new ones', () => {
    const series = new ChartSeries();
    series.load(answer([0], 1000, ['idle']));
    series.appendText(10, 'busy');
    series.appendText(20, 'idle');
    expect(series.labels).toEqual(['idle', 'busy']);
    expect(series.near(20, 1)?.value).toBe(0);
  });

  test('a fast channel is thinned to what the screen can show, extremes included', () => {
    const series = new ChartSeries();
    series.load(answer([]));
    for (let at = 0; at < 50_000; at++) series.append(at, at === 31_337 ? 999_999 : 0);
    const points = series.points(0, 50_000, 100, []);
    expect(points.length).toBeLessThanOrEqual(401);
    expect(points.some(({ y }) => y === 999_999)).toBe(true);
  });

  test('what has left the window is forgotten', () => {
    const series = new ChartSeries();
    series.load(answer(Array.from({ length: 200 }, (_, i) => i)));
    series.points(150, 300, 1000, []);
    expect(series.near(10, 5)).toBeUndefined();
  });
});

test('ticks are round moments of the reader, not of UTC', () => {
  const hour = 3_600_000;
  const offset = 5.5 * hour;
  const { step, at } = timeTicks(0, 24 * hour, 8, offset);
  expect(step).toBe(3 * hour);
  expect(at.every((tick) => (tick + offset) % step === 0)).toBe(true);
  expect(timeTicks(0, 900_000, 3, 0)).toEqual({ step: 300_000, at: [0, 300_000, 600_000, 900_000] });
});

test('a channel keeps its hue, away from those of the statuses', () => {
  expect(seriesHue('t')).toBe(seriesHue('t'));
  for (let i = 0; i < 200; i++) {
    const hue = seriesHue(`channel-${i}`);
    expect(hue >= 185 && hue <= 345).toBe(true);
  }
});

describe('a sparkline', () => {
  test('is broken where nothing was heard', () => {
    const trail = { at: [0, 10, 90, 100], value: [1, 2, 3, 4], gaps: [], breakAfter: 20 };
    expect(sparkPath(trail, 0, 100, 104, 20).line.match(/M/g)).toHaveLength(2);
  });

  test('of one steady value stands in the middle, and one of nothing is empty', () => {
    const trail = { at: [0, 10], value: [5, 5], gaps: [], breakAfter: 20 };
    expect(sparkPath(trail, 0, 10, 14, 20).line).toBe('M2.0 10.0L12.0 10.0');
    expect(sparkPath({ ...trail, at: [], value: [] }, 0, 10, 14, 20)).toEqual({ line: '', end: undefined });
  });
});

describe('the turns of the sparklines', () => {
  function sparklines(count: number) {
    const turns = new SparkTurns();
    const drawn = Array.from({ length: count }, () => 0);
    const leave = drawn.map((_, i) => turns.join(() => drawn[i]!++));
    return { turns, drawn, leave };
  }

  test('a few are all drawn each second', () => {
    const { turns, drawn } = sparklines(8);
    turns.next(1000);
    turns.next(2000);
    expect(drawn).toEqual(Array.from({ length: 8 }, () => 2));
  });

  test('of many each is drawn once within five seconds, never more than a fifth at once', () => {
    const { turns, drawn } = sparklines(203);
    let before = 0;
    for (let second = 1; second <= 5; second++) {
      turns.next(second * 1000);
      const now = drawn.filter((times) => times > 0).length;
      expect(now - before).toBeLessThanOrEqual(41);
      before = now;
    }
    expect(before).toBe(203);
    expect(drawn.reduce((sum, times) => sum + times)).toBeLessThanOrEqual(205);
  });

  test('whoever comes back to a page that lay hidden finds all of them drawn anew', () => {
    const { turns, drawn } = sparklines(100);
    turns.next(1000);
    turns.next(62_000);
    expect(drawn.every((times) => times > 0)).toBe(true);
  });

  test('one that has left is not drawn any more', () => {
    const { turns, drawn, leave } = sparklines(3);
    leave[1]!();
    turns.next(1000);
    expect(drawn).toEqual([1, 0, 1]);
  });
});
