import { setTimeout as delay } from 'node:timers/promises';
import { BenchServer } from '../bench-server.ts';
import { startChromium, until, type Chromium } from '../cdp.ts';
import { databaseBytes } from '../database-bytes.ts';
import { fillHistory } from '../fill-history.ts';
import type { Lab } from '../lab.ts';
import { short, type FigureResult } from '../result.ts';
import { spread } from '../statistics.ts';

const DEVICES = 1000;
const INTERVAL = 10_000;
const READINGS = 10_000_000;
/** The size has to stand still for so long before it counts as what the app makes of it when it is idle. */
const STILL_MS = 4000;
/** Bytes: an idle app also notes now and then how long it has listened. */
const STILL_WITHIN = 131_072;
const REST_MS = 90_000;

/**
 * Bytes that a climate reading (time, t, h) takes on disk, files of the browser's database and all, after compaction and
 * a restart of the browser.
 */
export async function historySize(lab: Lab): Promise<FigureResult> {
  // A browser of its own, so that its folder holds nothing else.
  const server = await BenchServer.start(lab.dist, lab.peers);
  let chromium = await startChromium();
  try {
    const { url, source } = await fillHistory(server, chromium, {
      readings: { devices: DEVICES, shape: { kind: 'climate' }, interval: INTERVAL },
      messages: READINGS,
      samplesEach: 2,
      span: (READINGS / DEVICES) * INTERVAL,
    });
    const { profile } = chromium;
    await standStill(profile);
    const before = databaseBytes(profile);
    chromium = await restart(chromium, url);
    await source.end();
    await standStill(profile);
    await chromium.end();
    const bytes = databaseBytes(profile) / READINGS;
    lab.log(
      `  ${short(READINGS)} readings: ${short(bytes)} bytes each, ${short(before / READINGS)} before the restart`,
    );
    const value = spread([bytes]);
    return {
      raw: { readings: READINGS, bytesBefore: before, bytesAfter: databaseBytes(profile) },
      rows: [
        {
          figure: `bytes on disk for a climate reading after compaction and a restart, at ${short(READINGS)} readings`,
          ours: `${short(bytes)} B`,
          other: '-',
          value,
          goal: '<= 8',
          met: value.median <= 8,
        },
      ],
    };
  } finally {
    await chromium.remove();
    await server.stop();
  }
}

/** Closes the browser, so that it writes what it holds, and opens the app again with the same profile. */
async function restart(chromium: Chromium, url: string): Promise<Chromium> {
  await chromium.end();
  const again = await startChromium(chromium.profile);
  const tab = await again.open(url);
  await until(tab, `document.querySelector('[data-device]')`, 'The remembered fleet');
  return again;
}

async function standStill(profile: string): Promise<void> {
  let [size, since] = [databaseBytes(profile), Date.now()];
  for (
    const end = Date.now() + REST_MS;
    Date.now() < end && Date.now() - since < STILL_MS;
    await delay(250)
  ) {
    const now = databaseBytes(profile);
    if (Math.abs(now - size) > STILL_WITHIN) [size, since] = [now, Date.now()];
  }
}
