import { setTimeout as delay } from 'node:timers/promises';
import type { SeriesRequest } from '../../../src/engine-api/series.ts';
import { deviceKeyFromId } from '../../../src/model/device.ts';
import type { AppPage } from '../app-page.ts';
import { fillHistory } from '../fill-history.ts';
import type { Lab } from '../lab.ts';
import { deviceId } from '../readings.ts';
import { openRecordsPeer } from '../records-peer.ts';
import { short, type FigureResult, type Row } from '../result.ts';
import { median, spread } from '../statistics.ts';

const HOUR = 3_600_000;
const PIXELS = 1200;
/** Time for the app to put in order what it has written, as it does when it is idle. */
const REST_MS = 3000;
/** Reading is quick: more rounds than elsewhere. */
const READS = 5;

/** Range reads of the app's own worker, over a history that its own worker wrote. */
export async function historyRead(lab: Lab): Promise<FigureResult> {
  const one = await oneChannel(lab, lab.quick ? 100_000 : 1_000_000);
  const many = await lastHour(lab, lab.quick ? 60 : 360);
  return { rows: [...one.rows, ...many.rows], raw: { one: one.raw, many: many.raw } };
}

/** A day of one channel, against reading one record per sample. */
async function oneChannel(lab: Lab, samples: number): Promise<FigureResult> {
  const { app, source } = await fillHistory(lab.server, lab.chromium, {
    readings: { devices: 1, shape: { kind: 'wide', channels: 1 }, interval: 1000 },
    messages: samples,
    samplesEach: 1,
    span: 24 * HOUR,
  });
  const peer = await openRecordsPeer(lab);
  await peer.ask({ ask: 'fill', samples });
  await delay(REST_MS);
  const ours: number[] = [];
  const records: number[] = [];
  for (let i = 0; i < READS; i++) {
    ours.push(await readRange(app, 1, 25 * HOUR, PIXELS, samples));
    records.push(await peer.ask({ ask: 'read', samples, pixels: PIXELS }));
  }
  await peer.close();
  await app.tab.close();
  await source.end();
  lab.log(
    `  ${short(samples)} samples: ${short(median(ours))} ms, one record each ${short(median(records))} ms`,
  );
  const value = spread(records.map((ms, i) => ms / (ours[i] ?? Number.NaN)));
  const row: Row = {
    figure: `reading ${short(samples)} samples of one channel for ${PIXELS} px, against one record per sample`,
    ours: `${short(median(ours))} ms`,
    other: `${short(median(records))} ms`,
    value,
    goal: '>= 60, under 100 ms',
    met: value.median >= 60 && median(ours) < 100,
  };
  return { rows: [row], raw: { samples, ours, records } };
}

/** Smallest and largest of each of a thousand channels over the last hour. */
async function lastHour(lab: Lab, samplesEach: number): Promise<FigureResult> {
  const channels = 1000;
  const samples = channels * samplesEach;
  const { app, source } = await fillHistory(lab.server, lab.chromium, {
    readings: { devices: channels, shape: { kind: 'wide', channels: 1 }, interval: HOUR / samplesEach },
    messages: samples,
    samplesEach: 1,
    span: HOUR,
  });
  await delay(REST_MS);
  const ours: number[] = [];
  for (let i = 0; i < READS; i++) ours.push(await readHours(app, 2 * HOUR, samples));
  await app.tab.close();
  await source.end();
  lab.log(`  the last hour of ${channels} channels: ${short(median(ours))} ms`);
  const value = spread(ours);
  const row: Row = {
    figure: `smallest and largest of ${channels} channels over the last hour (${samplesEach} samples each), ms`,
    ours: `${short(value.median)} ms`,
    other: '-',
    value,
    goal: '<= 10',
    met: value.median <= 10,
  };
  return { rows: [row], raw: { samplesEach, ours } };
}

/** What the whole fleet did: one call. @throws Error when the answer does not stand for every sample */
async function readHours(app: AppPage, span: number, samples: number): Promise<number> {
  const now = Date.now();
  const count = 'value.count.reduce((sum, count) => sum + count, 0)';
  const { value, ms } = await app.call<'overview', number>(
    'overview',
    [{ from: now - span, to: now + 60_000 }],
    count,
  );
  if (value !== samples)
    throw new Error(`The hours hold ${samples} samples; the answer stands for ${value}.`);
  return ms;
}

/** @throws Error when the answer does not stand for every sample */
async function readRange(
  app: AppPage,
  devices: number,
  span: number,
  pixels: number,
  samples: number,
): Promise<number> {
  const now = Date.now();
  const request: SeriesRequest = {
    channels: Array.from({ length: devices }, (_, i) => ({
      device: deviceKeyFromId(deviceId(i)),
      channel: 'c0',
    })),
    from: now - span,
    to: now + 60_000,
    pixels,
  };
  const count = 'value.series.reduce((sum, { samples }) => sum + samples, 0)';
  const { value, ms } = await app.call<'series', number>('series', [request], count);
  if (value !== samples)
    throw new Error(`The range holds ${samples} samples; the answer stands for ${value}.`);
  return ms;
}
