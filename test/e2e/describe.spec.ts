import type { Browser, Locator, Page } from '@playwright/test';
import { connectClient } from '../support/broker-clients.ts';
import { ConsolePage } from '../support/console-page.ts';
import type { DemoStack } from '../support/demo-stack.ts';
import { expect, person, test } from '../support/e2e.ts';

const META = 'devices/my-board/meta';
const editor = (page: Page): Locator => page.getByRole('form', { name: 'Describe my-board' });
const panel = (page: Page): Locator => page.getByRole('region', { name: 'Description' });
const state = (page: Page): Locator => panel(page).locator('[data-describe-state]');

async function publish(demo: DemoStack, text: string): Promise<void> {
  const admin = await connectClient(demo.mqtt, person(demo, 'admin'), { version: 4 });
  await admin.publish(META, text, { retain: true });
  await admin.end();
}

async function open(page: ConsolePage): Promise<void> {
  await page.go('#/device/my-board');
  await panel(page.page).getByRole('button', { name: 'Describe this device' }).click();
}

async function inAnotherBrowser(
  browser: Browser,
  demo: DemoStack,
  run: (page: ConsolePage) => Promise<void>,
) {
  const context = await browser.newContext();
  const other = new ConsolePage(await context.newPage());
  await other.page.goto(demo.url);
  await other.enter(person(demo, 'viewer'));
  await other.go('#/device/my-board');
  await run(other);
  await context.close();
}

test('a sketch that sends no description is described by an admin, and a viewer elsewhere sees it', async ({
  page,
  browser,
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'admin'));
  const device = await board();
  await device.sendRaw('{"t":20.5,"on":false}');
  await open(console);
  const form = editor(page);
  await form.getByLabel('Name', { exact: true }).first().fill('Garden board');
  const t = form.locator('[data-describe-channel="t"]');
  await t.getByLabel('Name').fill('Soil');
  await form.getByRole('button', { name: 'Fill in the usual units and digits' }).click();
  await expect(t.getByLabel('Unit')).toHaveValue('°C');
  await expect(t.getByLabel('Digits')).toHaveValue('1');
  await form.getByRole('button', { name: 'Add: Switch' }).click();
  await form.getByLabel('Name that the device knows').fill('valve');
  await form.getByLabel('Title').fill('Water valve');
  const preview = form.getByRole('group', { name: 'Preview', includeHidden: true });
  await expect(preview).toContainText('Soil');
  await expect(preview.locator('[data-command-form="valve"]')).toHaveCount(1);
  await form.getByRole('button', { name: 'Save for everybody' }).click();
  await expect(state(page)).toHaveAttribute('data-describe-state', 'in-force');
  await expect(state(page)).toContainText('In force: the broker hands it out.');

  await inAnotherBrowser(browser, demo, async (viewer) => {
    await expect(viewer.device('my-board')).toContainText('Garden board');
    await device.sendRaw('{"t":21.5,"on":false}');
    await expect(viewer.channel('my-board', 't')).toContainText('Soil');
    await expect(viewer.channel('my-board', 't')).toContainText('21.5');
    await expect(viewer.channel('my-board', 't')).toContainText('°C');
    await expect(viewer.page.locator('[data-command-form="valve"]')).toContainText('Water valve');
    await expect(panel(viewer.page).getByRole('button', { name: 'Describe this device' })).toBeDisabled();
    await expect(panel(viewer.page)).toContainText('may not write devices/my-board/meta');
  });

  await state(page).getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('[data-device="my-board"]').first()).not.toContainText('Garden board');
});

test('somebody else describes it meanwhile: shown, nothing sent, and the person chooses', async ({
  page,
  console,
  demo,
  board,
}) => {
  await publish(demo, '{"name":"Old","vendor":"kept"}');
  await console.enter(person(demo, 'admin'));
  const device = await board();
  await device.sendRaw('{"t":20}');
  await expect(console.device('my-board')).toContainText('Old');
  await open(console);
  const name = editor(page).getByLabel('Name', { exact: true }).first();
  await name.fill('Mine');
  await publish(demo, '{"name":"Theirs","vendor":"kept","colour":"red"}');
  const conflict = editor(page).locator('[data-describe-conflict]');
  await expect(conflict).toContainText('name from "Old" to "Theirs"');
  await expect(editor(page).getByRole('button', { name: 'Save for everybody' })).toBeDisabled();
  await conflict.getByRole('button', { name: 'Go on with mine, in place of theirs' }).click();
  await editor(page).getByRole('button', { name: 'Save for everybody' }).click();
  await expect(state(page)).toHaveAttribute('data-describe-state', 'in-force');
  await expect(console.device('my-board')).toContainText('Mine');
  await expect(page.getByRole('region', { name: 'Last raw message' })).toContainText('"colour"');
  await publish(demo, '');
});

test('a file that holds no description fills nothing in and says why', async ({
  page,
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'admin'));
  const device = await board();
  await device.sendRaw('{"t":20}');
  await open(console);
  const form = editor(page);
  const files = form.locator('input[type="file"]');
  const take = (text: string) =>
    files.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await take('\u0000\ufffd{{{');
  await expect(form.getByRole('alert')).toContainText('is not JSON');
  await take('[1]');
  await expect(form.getByRole('alert')).toContainText('holds no description');
  await form.getByLabel('Name', { exact: true }).first().fill('Typed');
  await take('{"version":1,"rules":[]}');
  await expect(form.getByRole('alert')).toContainText('nothing was filled in');
  await take('{"name":12,"channels":"x"}');
  await expect(form.getByRole('alert')).toContainText('"channels" must be an object');
  await expect(form.getByLabel('Name', { exact: true }).first()).toHaveValue('Typed');
  await take('{"name":"From file","interval":"soon","commands":[{"name":"x","args":{"$ref":"#"}}]}');
  await expect(form.getByRole('alert')).toContainText('"interval"');
  await expect(form.getByLabel('Name', { exact: true }).first()).toHaveValue('From file');
  expect(console.errors).toEqual([]);
});
