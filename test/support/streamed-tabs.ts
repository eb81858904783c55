import type { BrowserContext, Page } from '@playwright/test';
import { ConsolePage } from './console-page.ts';
import { expect, test as base } from './e2e.ts';
import { startMosquitto, type RunningMosquitto } from './mosquitto.ts';
import { connectDevice } from './sequence-device.ts';
import { longestSilence, noteSightings, sightingsOf } from './sightings.ts';

export const BOARD = 'my-board';
const RATE_PER_S = 100;

export interface Tab {
  readonly page: Page;
  readonly console: ConsolePage;
}

/** The device's own account of what it sends. */
export interface Stream {
  /** How many readings the broker has acknowledged: their `n` counts from 0. */
  readonly sent: () => number;
}

interface World {
  readonly mosquitto: RunningMosquitto;
  /** `my-board` sends 100 numbered readings a second, QoS 1. */
  readonly stream: Stream;
}

/** A real Mosquitto beside the demo's, and a device that does not stop sending. */
export const test = base.extend<World>({
  mosquitto: async ({ context: _closedFirst }, use) => {
    const mosquitto = await startMosquitto();
    await use(mosquitto);
    await mosquitto.stop();
  },
  stream: async ({ mosquitto }, use) => {
    const credential = mosquitto.credentials.devices[BOARD]!;
    const device = await connectDevice(mosquitto.mqtt, BOARD, credential);
    let sending = true;
    const stream = (async () => {
      const begun = Date.now();
      while (sending) {
        const due = Math.floor(((Date.now() - begun) * RATE_PER_S) / 1000) - device.sent();
        await device.send(Math.max(0, due));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await use(device);
    sending = false;
    await stream;
    await device.end();
  },
});

/** Chooses "Queue while away" in this browser before any page of it is opened: telemetry at QoS 1, in a session. */
export async function queueWhileAway(
  context: BrowserContext,
  pageUrl: string,
  broker: string,
): Promise<void> {
  const key = `telltale:${new URL(pageUrl).pathname}:link`;
  const choice = JSON.stringify([[broker, { record: 'everything', queue: true }]]);
  await context.addInitScript(
    ([name, value, origin]) => {
      // An empty page has no storage, and says so by throwing.
      if (location.origin === origin) localStorage.setItem(name, value);
    },
    [key, choice, new URL(pageUrl).origin] as const,
  );
}

/** A tab that is signed in by hand, and so many that only opened the page. */
export async function openTabs(
  context: BrowserContext,
  { url }: { url: string },
  mosquitto: RunningMosquitto,
  followers: number,
): Promise<Tab[]> {
  const tabs: Tab[] = [];
  for (let i = 0; i <= followers; i++) {
    const page = await context.newPage();
    const console = new ConsolePage(page);
    await noteSightings(page);
    await page.goto(url);
    if (i === 0) await console.signIn(mosquitto.credentials.users['operator']!, mosquitto.ws);
    await console.live();
    await expect(console.link).toHaveAttribute('data-tab', i === 0 ? 'leader' : 'follower');
    await expect(console.channel(BOARD, 'n')).toHaveAttribute('data-source', 'live');
    tabs.push({ page, console });
  }
  await expect.poll(async () => (await sightingsOf(tabs.at(-1)!.page)).length).toBeGreaterThan(20);
  return tabs;
}

/** The tab that leads, once there is one among these. */
export async function newLeader(tabs: readonly Tab[], ms = 10_000): Promise<Tab> {
  let found: Tab | undefined;
  await expect
    .poll(
      async () => {
        for (const tab of tabs) {
          if ((await tab.console.link.getAttribute('data-tab')) === 'leader') found = tab;
        }
        return found !== undefined;
      },
      { timeout: ms },
    )
    .toBe(true);
  return found!;
}

/**
 * How long a tab had no new value around the fault that began at `since`; waits until values flow again. To be asked of
 * the tab in front, which was opened last: the others draw about once a second, and give no credit in between.
 */
export async function silence(tab: Tab, since: number): Promise<number> {
  const before = (await sightingsOf(tab.page)).length;
  await expect
    .poll(async () => (await sightingsOf(tab.page)).length, { timeout: 12_000 })
    .toBeGreaterThan(before + 50);
  return longestSilence(await sightingsOf(tab.page), since);
}

/**
 * Takes the lead away from one tab after the other until one is left. Answers how long the one in front had no new value,
 * each time, ms: never a second, however busy the machine is.
 */
export async function handOvers(
  tabs: readonly Tab[],
  takeAway: (leader: Tab) => Promise<unknown>,
): Promise<{ times: number[]; heir: Tab }> {
  const times: number[] = [];
  let rest = tabs;
  while (rest.length > 1) {
    const leader = await newLeader(rest);
    rest = rest.filter((tab) => tab !== leader);
    const inFront = rest.at(-1)!;
    await inFront.page.bringToFront();
    await silence(inFront, Date.now());
    const begun = Date.now();
    await takeAway(leader);
    await newLeader(rest);
    const time = await silence(inFront, begun);
    times.push(time);
  }
  const description = times.map((ms) => `${ms} ms`).join(', ');
  base.info().annotations.push({ type: 'without a value for', description });
  expect(Math.max(...times)).toBeLessThan(1_000);
  return { times, heir: rest[0]! };
}

/** Every reading that is stored, from the download of a tab, in its order. */
async function stored({ page, console }: Tab): Promise<number[]> {
  await console.go(`#/device/${BOARD}`);
  const lines = await console.downloadHistory();
  await page.waitForLoadState();
  return lines.filter(({ channel }) => channel === 'n').map(({ v }) => v as number);
}

export interface Account {
  /** Readings that were sent since the first that is stored, and are not. */
  readonly lost: readonly number[];
  readonly storedTwice: number;
  readonly stored: number;
}

/** Compares what is stored with what the device has sent until now. */
export async function account(tab: Tab, stream: Stream): Promise<Account> {
  const last = stream.sent() - 1;
  let numbers: number[] = [];
  await expect
    .poll(async () => (numbers = await stored(tab)).some((n) => n >= last), { timeout: 20_000 })
    .toBe(true);
  const unique = new Set(numbers);
  const first = Math.min(...unique);
  const lost: number[] = [];
  for (let n = first; n <= last; n++) if (!unique.has(n)) lost.push(n);
  expect(unique.size).toBeGreaterThan(100);
  return { lost, storedTwice: numbers.length - unique.size, stored: unique.size };
}
