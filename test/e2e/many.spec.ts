import { expect, type Locator, type Page } from '@playwright/test';
import { connectAsync } from 'mqtt';
import { ConsolePage } from '../support/console-page.ts';
import { joinCrowd, type Crowd, type Manner } from '../support/crowd.ts';
import { test as base } from '../support/e2e.ts';
import { watchMainThread } from '../support/main-thread-watch.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { hostPage } from '../support/page-host.ts';
import { policyWithWitness } from '../support/policy-with-witness.ts';

const DONE = 400;
const FAILED = 40;
const SILENT = 40;
const REFUSED = 20;
const ALL = DONE + FAILED + SILENT + REFUSED;

const id = (i: number) => `light-${String(i).padStart(3, '0')}`;
const mannerOf = (i: number): Manner =>
  i < DONE ? 'does it' : i < DONE + FAILED ? 'fails' : i < DONE + FAILED + SILENT ? 'is silent' : 'does it';

interface World {
  readonly crowd: Crowd;
}

/** 500 devices on a Mosquitto that lets the operator command all but the last 20 of them. */
const test = base.extend<World>({
  crowd: async ({ page }, use) => {
    const policy = await policyWithWitness([]);
    const publish = Array.from({ length: ALL - REFUSED }, (_, i) => `devices/${id(i)}/cmd`);
    const principals = policy.principals.map((one) =>
      one.username === 'operator' ? { ...one, publish } : one,
    );
    const mosquitto = await startMosquitto({ policy: { ...policy, principals } });
    const { users, devices } = mosquitto.credentials;
    const fleet = await connectAsync(mosquitto.mqtt, { ...devices['witness'], clientId: 'witness' });
    const crowd = await joinCrowd(
      fleet,
      new Map(Array.from({ length: ALL }, (_, i) => [id(i), mannerOf(i)])),
    );
    const host = await hostPage();
    host.brokers = [{ name: 'Plant', kind: 'mosquitto', urls: [mosquitto.ws], root: 'devices' }];
    await page.goto(host.url);
    const console = new ConsolePage(page);
    await console.enter(users['operator'] ?? { username: '', password: '' });
    await expect(page.locator('[data-count="online"]')).toHaveText(String(ALL));
    await use(crowd);
    await fleet.endAsync(true);
    await mosquitto.stop();
    await host.stop();
  },
});

const panel = (page: Page) => page.locator('[data-command-many]');
const count = async (page: Page, state: string) => {
  // All that there is at one moment: a count that falls to nothing goes away.
  const [shown = '0'] = await page.locator(`[data-batch] [data-count="${state}"] b`).allInnerTexts();
  return Number(shown.replaceAll(/\D/g, ''));
};

async function send(page: Page, devices: number, perSecond: number): Promise<void> {
  await panel(page)
    .getByRole('button', { name: `Send to ${devices} device` })
    .click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('"name":"dim"');
  await expect(dialog).toContainText('/cmd');
  await dialog.getByRole('combobox').selectOption(String(perSecond));
  await dialog.getByRole('button', { name: `Send to ${devices} device` }).click();
}

/** An assertion that has to wait reads the whole page for its message, and takes the page more time than the page itself. */
const POLL = { polling: 100 };

/** A click by its place, without the looks that Playwright has at a page before. */
async function press(page: Page, button: Locator): Promise<void> {
  await button.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await button.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.click(x + width / 2, y + height / 2);
}

test('one command to 500 devices: every outcome is accounted for, and the page never halts', async ({
  page,
  crowd,
}) => {
  await page.getByRole('button', { name: 'Command several' }).click();
  await panel(page).getByLabel('Valid for').selectOption('10');
  await panel(page).getByRole('button', { name: 'Choose all' }).click();
  await panel(page).getByLabel('Brightness').fill('40');
  const button = (within: Locator) => within.getByRole('button', { name: `Send to ${ALL} device` });
  const work = await watchMainThread(page, async () => {
    await press(page, button(panel(page)));
    const dialog = page.getByRole('dialog');
    await page.waitForFunction(() => document.querySelector('dialog[open]'), null, POLL);
    await dialog.getByRole('combobox').selectOption('200');
    await press(page, button(dialog));
    const all = (value: number) =>
      document.querySelector<HTMLProgressElement>('[data-batch] progress')?.value === value;
    await page.waitForFunction(all, ALL, { ...POLL, timeout: 30_000 });
  });
  const counts = {
    done: await count(page, 'done'),
    failed: await count(page, 'failed'),
    unanswered: await count(page, 'unanswered'),
    refused: await count(page, 'refused'),
  };
  expect(counts).toEqual({ done: DONE, failed: FAILED, unanswered: SILENT, refused: REFUSED });
  expect([...crowd.came.values()].map((ids) => ids.length)).toEqual(Array(ALL - REFUSED).fill(1));
  expect(work.tasks).toBeGreaterThan(1_000);
  expect(work.longest).toBeLessThan(50);
  expect(work.gaps.length).toBeGreaterThan(100);
  // Of the page's own time: a drawing that the machine had no time for is told, and says nothing of the page.
  expect(work.busiest).toBeLessThan(50);
  expect(work.madeLong).toBeGreaterThan(50);
  const late = work.gaps.filter((gap) => gap > 50).map(Math.round);
  test.info().annotations.push({
    type: 'drawings',
    description: `${work.gaps.length}, longest gap ${Math.max(...work.gaps).toFixed(0)} ms, over 50 ms: ${late.join(', ') || 'none'}; most work for one ${work.busiest.toFixed(1)} ms`,
  });
});

test('a few are found by search and chosen by hand, it is stopped on its way, and the rest is sent again', async ({
  page,
  crowd,
}) => {
  await page.getByRole('button', { name: 'Command several' }).click();
  await page.getByRole('searchbox', { name: 'Search' }).fill('light-00');
  await expect(panel(page)).toContainText('0 of 10 devices chosen');
  for (const i of [1, 3, 5])
    await panel(page)
      .locator(`[data-choice="${id(i)}"] input`)
      .check();
  await panel(page).getByLabel('Brightness').fill('10');
  await send(page, 3, 1);
  await expect(page.locator('[data-count="done"] b').last()).toHaveText('1');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect.poll(() => count(page, 'queued')).toBe(0);
  const refused = await count(page, 'refused');
  expect(refused).toBeGreaterThan(0);
  expect((await count(page, 'done')) + (await count(page, 'sent')) + refused).toBe(3);
  await page.getByRole('button', { name: `Send again to ${refused} device` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Send to ${refused} device` })
    .click();
  // What became of these stands above what became of the first.
  const batches = panel(page).locator('[data-batch]');
  await expect(batches).toHaveCount(2);
  await expect(batches.first().locator('[data-count="done"] b')).toHaveText(String(refused));
  await expect(batches.last()).toContainText('Sent again to those');
  await expect.poll(() => [...crowd.came.keys()].sort()).toEqual([1, 3, 5].map(id));
  expect([...crowd.came.values()].flat()).toHaveLength(3);
});
