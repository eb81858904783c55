import type { Locator, Page } from '@playwright/test';
import { connectClient } from '../support/broker-clients.ts';
import { ConsolePage } from '../support/console-page.ts';
import { expect, person, test } from '../support/e2e.ts';

const panel = (page: Page): Locator => page.getByRole('region', { name: 'Description' });
const note = (page: Page): Locator => panel(page).locator('[data-local-description]');

test('a viewer describes a device in this browser only: every tab and a reload show it, nobody else does', async ({
  page,
  browser,
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'viewer'));
  const device = await board();
  await device.sendRaw('{"t":20.5}');
  await console.go('#/device/my-board');
  await panel(page).getByRole('button', { name: 'Describe it in this browser only' }).click();
  const form = page.getByRole('form', { name: 'Describe my-board in this browser only' });
  await form.getByLabel('Name', { exact: true }).first().fill('My board');
  await form.locator('[data-describe-channel="t"]').getByLabel('Name').fill('Soil');
  await form.getByRole('button', { name: 'Save in this browser' }).click();
  await expect(note(page)).toContainText('Described in this browser only');
  await expect(note(page)).toHaveAttribute('data-local-description', 'none');
  await expect(console.channel('my-board', 't')).toContainText('Soil');

  const tab = new ConsolePage(await page.context().newPage());
  await tab.page.goto(`${demo.url}#/device/my-board`);
  await expect(note(tab.page)).toContainText('Described in this browser only');
  await expect(tab.device('my-board')).toContainText('My board');
  await tab.page.close();

  const elsewhere = await browser.newContext();
  const admin = new ConsolePage(await elsewhere.newPage());
  await admin.page.goto(demo.url);
  await admin.enter(person(demo, 'admin'));
  await admin.go('#/device/my-board');
  await expect(panel(admin.page)).toContainText('Nobody has described the device.');
  await elsewhere.close();

  await page.reload();
  await expect(note(page)).toContainText('Described in this browser only');
  await expect(console.device('my-board')).toContainText('My board');
  await console.enter(person(demo, 'viewer'));

  const official = await connectClient(demo.mqtt, person(demo, 'admin'), { version: 4 });
  await official.publish('devices/my-board/meta', '{"name":"Official board"}', { retain: true });
  await expect(note(page)).toHaveAttribute('data-local-description', 'newer');
  await expect(note(page)).toContainText('An official description has come since.');
  await expect(console.device('my-board')).toContainText('My board');
  await note(page).getByRole('button', { name: 'Remove it, show the published one' }).click();
  await expect(console.device('my-board')).toContainText('Official board');
  await expect(note(page)).toHaveCount(0);
  await official.publish('devices/my-board/meta', '', { retain: true });
  await official.end();
  expect(console.errors).toEqual([]);
});

test('an admin publishes what was tried out in this browser: it is for everybody then, and here no more', async ({
  page,
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'admin'));
  const device = await board();
  await device.sendRaw('{"t":20.5}');
  await console.go('#/device/my-board');
  const describeHere = async (name: string): Promise<void> => {
    await panel(page).getByRole('button', { name: 'Describe it in this browser only' }).click();
    const form = page.getByRole('form', { name: 'Describe my-board in this browser only' });
    await form.getByLabel('Name', { exact: true }).first().fill(name);
    await form.getByRole('button', { name: 'Save in this browser' }).click();
    await expect(note(page)).toBeVisible();
  };
  await describeHere('Tried out');
  await panel(page).getByRole('button', { name: 'Describe this device' }).click();
  await page.getByRole('button', { name: 'Save for everybody' }).click();
  await expect(panel(page).locator('[data-describe-state]')).toContainText('the broker hands it out');
  await expect(note(page)).toHaveCount(0);
  await expect(console.device('my-board')).toContainText('Tried out');

  await describeHere('Mine alone');
  const tab = new ConsolePage(await page.context().newPage());
  await tab.page.goto(`${demo.url}#/device/my-board`);
  await expect(tab.device('my-board')).toContainText('Mine alone');
  await note(tab.page).getByRole('button', { name: 'Remove it, show the published one' }).click();
  await expect(console.device('my-board')).toContainText('Tried out');
  await expect(note(page)).toHaveCount(0);
  await panel(page).getByRole('button', { name: 'Undo' }).click();
  await expect(console.device('my-board')).not.toContainText('Tried out');
  expect(console.errors).toEqual([]);
});
