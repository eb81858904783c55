import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from '../bench/cdp.ts';
import { readConnectionLog } from '../support/connection-log.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { BrowserWorld, LONG } from './browser-world.ts';
import { downloaded } from './downloaded.ts';
import { startNumberedDevice } from './numbered-device.ts';

const DEVICE = 'counter-1';
/** In short more than 1.5 x keepalive, after which the broker ends a link whose keepalive was missed. */
const HIDDEN_MS = LONG ? 600_000 : 25_000;

const NOTE_TICKS = 'globalThis.ticks = [Date.now()]; setInterval(() => ticks.push(Date.now()), 100); 0';
/** The longest time between two ticks, ms. */
const LATEST =
  '[...ticks, Date.now()].reduce((latest, at, i, all) => Math.max(latest, at - all[i && i - 1]), 0)';

// Over bare CDP: Playwright makes every tab believe that it is looked at.
test('another tab is in front for long: the hidden one keeps its link, its worker is on time, and nothing is lost', async () => {
  const broker = await startMosquitto({ devices: [DEVICE] });
  const world = await BrowserWorld.start();
  const { users, devices } = broker.credentials;
  const page = await world.open(world.app(broker.ws), users['operator']!);
  const device = await startNumberedDevice(broker.mqtt, DEVICE, devices[DEVICE]!, 100);
  await until(page.tab, 'bench.read().stored > 0', 'A durable sample');
  const front = await world.chromium.open('about:blank');
  await until(page.tab, `document.visibilityState === 'hidden'`, 'The hiding of the page');
  await page.tab.evaluate(NOTE_TICKS);
  await page.tab.inWorker(NOTE_TICKS);
  await delay(HIDDEN_MS);
  expect(await page.tab.evaluate('document.visibilityState')).toBe('hidden');
  // The browser holds the timers of a hidden page back, those of its worker not.
  expect(await page.tab.evaluate(LATEST)).toBeGreaterThan(900);
  expect(await page.tab.inWorker(LATEST)).toBeLessThan(2_000);
  expect(broker.log()).not.toMatch(/exceeded timeout/);
  expect(readConnectionLog(broker.log())).toMatchObject({ connects: 1, openNow: 1 });
  await front.close();
  await until(page.tab, `document.visibilityState === 'visible'`, 'The showing of the page');
  await until(page.tab, `document.querySelector('[data-link="live"]')`, 'A live link');
  await device.stop();
  const all = [...device.sentAt.keys()];
  await expect.poll(() => downloaded(page, DEVICE), { timeout: 20_000 }).toEqual(all);
  await world.stop();
  await broker.stop();
});
