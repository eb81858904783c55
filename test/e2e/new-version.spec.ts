import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ConsolePage } from '../support/console-page.ts';
import { expect, test } from '../support/e2e.ts';
import { deployLaterBuild, hostPage } from '../support/page-host.ts';
import { startTestBroker } from '../support/test-broker.ts';

const copyKept = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');

/** What the browser says when a tab comes back into sight: the page then looks for a new version. */
const comeIntoSight = (page: Page) =>
  page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

const bar = (page: Page) => page.locator('[data-version]');
const isLater = (page: Page) => page.locator('meta[name="build"]');
/** Lost by a reload, and by nothing else. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(globalThis, { marked: true }));
const isMarked = (page: Page) => page.evaluate(() => 'marked' in globalThis);

/** A board that sends without a pause. */
async function startBoard(): Promise<{ url: string; stop(): Promise<void> }> {
  const broker = await startTestBroker();
  await broker.publish('devices/board/status', '{"online":true}', { retain: true });
  let n = 0;
  const timer = setInterval(() => void broker.publish('devices/board/telemetry', `{"n":${n++}}`), 50);
  return {
    url: broker.url,
    stop: () => {
      clearInterval(timer);
      return broker.stop();
    },
  };
}

test('a new version is used in the tab that asks, when it asks; the other one goes on with its own files, its link and its form', async ({
  context,
  demo,
}) => {
  void demo;
  const [host, board] = [await hostPage(), await startBoard()];
  const [first, second] = [await context.newPage(), await context.newPage()];
  const consoles = [new ConsolePage(first), new ConsolePage(second)];
  const value = (of: ConsolePage) => of.channel('board', 'n');
  /** The newest value is a live one, and another one comes after it. */
  const flows = async (of: ConsolePage) => {
    await of.page.bringToFront();
    await expect(value(of)).toHaveAttribute('data-source', 'live');
    await expect(value(of)).not.toHaveText(await value(of).innerText());
  };
  const form = (page: Page) => page.locator('[data-command-form="raw"]').getByRole('textbox');
  for (const one of consoles) {
    await one.page.goto(`${host.url}#/device/board`);
    await copyKept(one.page);
    // The other one is let in by this one, without a password.
    if (one.page === first) await one.enter({ username: 'viewer', password: 'any' }, board.url);
    await mark(one.page);
    await flows(one);
  }
  const chunks = await second.evaluate(async () =>
    (await (await caches.open((await caches.keys()).find((name) => name.includes('shell')) ?? '')).keys())
      .map(({ url }) => url)
      .filter((url) => /Device-.*\.js$/.test(url)),
  );
  expect(chunks).toHaveLength(1);

  deployLaterBuild(host.folder);
  await comeIntoSight(first);
  for (const page of [first, second]) await expect(bar(page)).toHaveAttribute('data-version', 'ready');
  // Nobody has said so yet.
  expect(await Promise.all([first, second].map(isMarked))).toEqual([true, true]);

  // Not under a form that is being filled in; what was typed and taken back is no reason.
  const use = first.getByRole('button', { name: 'Use it now' });
  await form(first).fill('{"on":');
  await expect(use).toBeDisabled();
  await expect(bar(first)).toContainText('First send or leave the form');
  await form(first).fill('');
  await expect(use).toBeEnabled();

  await form(second).fill('{"typed":"here"}');
  await Promise.all([first.waitForEvent('load'), use.click()]);
  await expect(isLater(first)).toHaveCount(1);
  await expect(bar(first)).toHaveCount(0);

  await expect(bar(second)).toHaveAttribute('data-version', 'begun');
  // Both versions show what comes, the new one by the credential of the other tab.
  for (const one of consoles) await flows(one);
  expect(await isMarked(second)).toBe(true);
  await expect(form(second)).toHaveValue('{"typed":"here"}');
  host.asked.length = 0;
  expect(await second.evaluate(async (url) => (await fetch(url)).status, chunks[0] ?? '')).toBe(200);
  expect(host.asked).not.toContain(
    new URL(chunks[0] ?? '').pathname.slice(new URL(host.url).pathname.length),
  );

  await form(second).fill('');
  await second.getByRole('button', { name: 'Reload this tab' }).click();
  await expect(isLater(second)).toHaveCount(1);
  await expect(bar(second)).toHaveCount(0);
  await flows(consoles[1]!);
  // Nobody runs the old build any more.
  await expect
    .poll(() => second.evaluate(async () => (await caches.keys()).filter((name) => name.includes('shell'))))
    .toEqual([expect.stringMatching(/ shell later$/)]);
  expect(consoles.flatMap(({ errors }) => errors)).toEqual([]);
  await board.stop();
  await host.stop();
});

test('a command on its way holds the new version back until it is settled', async ({ page, demo }) => {
  void demo;
  const [host, broker] = [await hostPage(), await startTestBroker()];
  await broker.publish('devices/board/status', '{"online":true}', { retain: true });
  const ids: string[] = [];
  await broker.aedes.subscribe(
    'devices/board/cmd',
    (packet, done) => {
      ids.push((JSON.parse(packet.payload.toString()) as { id: string }).id);
      done();
    },
    () => undefined,
  );
  await broker.publish(
    'devices/board/meta',
    JSON.stringify({ commands: [{ name: 'reboot', title: 'Reboot' }] }),
    { retain: true },
  );
  const console = new ConsolePage(page);
  await page.goto(`${host.url}#/device/board`);
  await copyKept(page);
  await console.enter({ username: 'viewer', password: 'any' }, broker.url);
  await page.locator('[data-command-form="reboot"]').getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => ids).toHaveLength(1);

  deployLaterBuild(host.folder);
  await comeIntoSight(page);
  const use = page.getByRole('button', { name: 'Use it now' });
  await expect(bar(page)).toContainText('First a command that is on its way has to be settled.');
  await expect(use).toBeDisabled();
  await broker.publish('devices/board/ack', JSON.stringify({ id: ids[0], ok: true }));
  await expect(use).toBeEnabled();
  await Promise.all([page.waitForEvent('load'), use.click()]);
  await expect(isLater(page)).toHaveCount(1);
  // The same history, under the new version.
  await expect(console.device('board')).toBeVisible();
  expect(console.errors).toEqual([]);
  await broker.stop();
  await host.stop();
});

test('a form that is begun while the new version takes over is not lost, in the settings as well', async ({
  page,
  demo,
}) => {
  void demo;
  const [host, broker] = [await hostPage(), await startTestBroker()];
  const console = new ConsolePage(page);
  await page.goto(`${host.url}#/settings`);
  await copyKept(page);
  await mark(page);
  await console.enter({ username: 'viewer', password: 'any' }, broker.url);
  await console.go('#/settings');
  deployLaterBuild(host.folder);
  await comeIntoSight(page);
  const use = page.getByRole('button', { name: 'Use it now' });
  await expect(use).toBeEnabled();

  // Typed and taken back in two ways, neither of which is a reason to wait.
  const days = page.getByLabel(/Every reading, for/);
  for (const takeBack of [
    () => days.fill('90'),
    () => page.getByRole('button', { name: 'Leave it as it was' }).click(),
  ]) {
    await days.fill('30');
    await expect(use).toBeDisabled();
    await takeBack();
    await expect(days).toHaveValue('90');
    await expect(use).toBeEnabled();
  }

  // In one go: the new version cannot take over before something is typed.
  const input = await days.elementHandle();
  await use.evaluate((button, field) => {
    if (!(button instanceof HTMLElement && field instanceof HTMLInputElement))
      throw new Error('There is no button to click, or no field to type into.');
    button.click();
    field.value = '30';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, input);
  await expect(bar(page)).toHaveAttribute('data-version', 'begun');
  const reload = page.getByRole('button', { name: 'Reload this tab' });
  await expect(reload).toBeDisabled();
  expect(await isMarked(page)).toBe(true);
  await expect(days).toHaveValue('30');
  await page.getByRole('button', { name: 'Leave it as it was' }).click();
  await reload.click();
  await expect(isLater(page)).toHaveCount(1);
  await broker.stop();
  await host.stop();
});

test('half a deployment changes nothing for those who have the page, and a first visit says so', async ({
  context,
  browser,
  demo,
}) => {
  void demo;
  const host = await hostPage();
  const page = await context.newPage();
  const broker = await startTestBroker();
  const visitor = { username: 'viewer', password: 'any' };
  const console = new ConsolePage(page);
  await page.goto(host.url);
  await copyKept(page);
  await console.enter(visitor, broker.url);
  await console.go('#/settings');
  deployLaterBuild(host.folder);
  rmSync(join(host.folder, 'icon.svg'));
  const refused = page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return new Promise((resolve) => {
      registration?.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker?.addEventListener('statechange', () => resolve(worker.state));
      });
    });
  });
  await comeIntoSight(page);
  expect(await refused).toBe('redundant');
  await expect(bar(page)).toHaveCount(0);
  await expect(page.locator('[data-offline-copy="kept"]')).toContainText(
    'A newer version could not be stored.',
  );
  await page.reload();
  await expect(page.getByLabel('Username', { exact: true })).toBeVisible();
  await expect(isLater(page)).toHaveCount(0);

  const stranger = await browser.newContext();
  const visit = new ConsolePage(await stranger.newPage());
  await visit.page.goto(host.url);
  await visit.enter(visitor, broker.url);
  await visit.go('#/settings');
  await expect(visit.page.locator('[data-offline-copy]')).toHaveAttribute('data-offline-copy', 'failed');
  await expect(visit.page.getByText(/needs a network to open/)).toBeVisible();
  await stranger.close();
  await broker.stop();
  await host.stop();
});
