import type { Locator, Page } from '@playwright/test';
import mqtt, { type MqttClient } from 'mqtt';
import { connectClient } from '../support/broker-clients.ts';
import { ConsolePage } from '../support/console-page.ts';
import { expect, person, spare, test } from '../support/e2e.ts';

const panel = (page: Page): Locator => page.getByRole('region', { name: 'Configuration' });
const state = (page: Page): Locator => panel(page).locator('[data-config-state]');
const send = (page: Page) => panel(page).getByRole('button', { name: 'Send', exact: true }).click();

test('what an operator asks for is pending until the device reports it, and there after a reload', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/freezer-1');
  await panel(page).getByLabel('Keep at').fill('-22');
  await expect(panel(page).locator('[data-config-changes]')).toHaveText('Keep at: nothing → -22');
  await send(page);
  // The cold store takes 6 s.
  await expect(state(page)).toHaveAttribute('data-config-state', 'pending');
  await expect(state(page)).toContainText('Keep at: asked -22, device keeps -19');
  await expect(state(page)).toHaveAttribute('data-config-state', 'in-force', { timeout: 15_000 });
  const change = panel(page).locator('[data-config-change]').first();
  await expect(change).toContainText('operator, from this browser');
  await expect(change).toContainText('Done.');

  await page.reload();
  await console.enter(person(demo, 'operator'));
  await expect(state(page)).toHaveAttribute('data-config-state', 'in-force');
  await expect(panel(page).getByLabel('Keep at')).toHaveValue('-22');
  await expect(change).toContainText('Keep at: nothing → -22');

  await change.getByRole('button', { name: 'Put back what was before' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
  await expect(state(page)).toHaveAttribute('data-config-state', 'not-asked');
  await expect(panel(page).getByText('Nothing is asked of this device.')).toBeVisible();
  await expect(change).toContainText('Cleared');
});

test('a device that keeps another value: it says what was asked and what it keeps', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/boiler-2');
  await panel(page).getByLabel('Hottest allowed').fill('90');
  await send(page);
  await expect(state(page)).toContainText('Hottest allowed: asked 90, device keeps 80');
  await panel(page).getByLabel('Hottest allowed').fill('75');
  await send(page);
  await expect(state(page)).toHaveAttribute('data-config-state', 'in-force');
  await panel(page).getByRole('button', { name: 'Put back what was before' }).first().click();
  await expect(panel(page).getByLabel('Hottest allowed')).toHaveValue('90');
  await expect(panel(page).locator('[data-config-changes]')).toHaveText('Hottest allowed: 75 → 90');
});

test('two people change the same value: the second decides, and nobody is overwritten unseen', async ({
  page,
  console,
  demo,
  browser,
}) => {
  const context = await browser.newContext();
  const other = new ConsolePage(await context.newPage());
  await other.page.goto(demo.url);
  for (const [each, name] of [
    [console, 'operator'],
    [other, 'admin'],
  ] as const) {
    await each.enter(person(demo, name));
    await each.go('#/device/tank-1');
  }
  await panel(page).getByLabel('Stop above').fill('80');
  await panel(page).getByLabel('Fill below').fill('25');
  await panel(other.page).getByLabel('Stop above').fill('85');
  await send(other.page);
  await expect(panel(page).locator('[data-config-conflicts="1"]')).toContainText('was nothing');
  await expect(panel(page).getByRole('button', { name: 'Send', exact: true })).toBeDisabled();

  await panel(page).getByRole('button', { name: 'Take theirs: 85' }).click();
  await expect(panel(page).locator('[data-config-changes]')).toHaveText('Fill below: nothing → 25');
  await send(page);
  await expect(state(page)).toHaveAttribute('data-config-state', 'in-force');
  await expect(panel(other.page).getByLabel('Fill below')).toHaveValue('25');
  await expect(panel(other.page).getByLabel('Stop above')).toHaveValue('85');
  await expect(panel(other.page).locator('[data-config-change="elsewhere"]')).toContainText(
    'another console',
  );

  // The other way round, and what is kept is sent.
  await panel(page).getByLabel('Stop above').fill('70');
  await panel(other.page).getByLabel('Stop above').fill('75');
  await send(other.page);
  await panel(page).getByRole('button', { name: 'Keep mine: 70' }).click();
  await send(page);
  await expect(panel(other.page).getByLabel('Stop above')).toHaveValue('70');
  await context.close();
});

test('a device without a description is asked in JSON, for which a broken one is no answer', async ({
  page,
  console,
  demo,
}) => {
  const device: MqttClient = await mqtt.connectAsync(demo.mqtt, { ...spare(demo), clientId: 'my-board' });
  const heard: string[] = [];
  device.on('message', (_, payload) => heard.push(payload.toString()));
  await device.subscribeAsync('devices/my-board/config', { qos: 1 });
  await device.publishAsync('devices/my-board/status', '{"online":true}', { qos: 1, retain: true });
  const report = (text: string) =>
    device.publishAsync('devices/my-board/config/reported', text, { qos: 1, retain: true });

  await console.enter(person(demo, 'operator'));
  await console.go('#/device/my-board');
  await panel(page).getByText('Ask for a configuration').click();
  const json = panel(page).getByRole('textbox', { name: /JSON object/ });
  await json.fill('{"interval":');
  await send(page);
  await expect(panel(page).getByText('What you typed is not JSON')).toBeVisible();
  await json.fill('{"interval":10,"wifi":{"ssid":"hall"}}');
  await send(page);
  await expect(state(page)).toContainText('The device has not reported a configuration.');
  await expect.poll(() => heard).toEqual(['{"interval":10,"wifi":{"ssid":"hall"}}']);
  await report('{"wifi":{"ssid":"hall","rssi":-60},"interval":1e1,"version":"1.2"}');
  await expect(state(page)).toHaveAttribute('data-config-state', 'in-force');
  await report(String.raw`{"interval":10,"wifi":{"ssid":"hall"},"a\u0000b":"\u202egnp","a":{"b":1}}`);
  await expect(state(page)).toContainText(String.raw`\u202Egnp`);
  await report('{"interval":');
  await expect(state(page)).toContainText('What is retained cannot be read');
  await device.endAsync();
});

test('a list in an object is put in order with the keyboard, emptied, and decided as a whole where two change it', async ({
  page,
  console,
  demo,
}) => {
  const device = await connectClient(demo.mqtt, spare(demo), { version: 4, clientId: 'my-board' });
  await device.subscribe('devices/my-board/config');
  const other = await connectClient(demo.mqtt, person(demo, 'admin'), { version: 4 });
  const asked = (): unknown => JSON.parse(device.seen.at(-1)?.payload || 'null');
  const askElsewhere = (value: unknown) =>
    other.publish('devices/my-board/config', JSON.stringify(value), { retain: true });
  const days = { type: 'array', title: 'Days', items: { enum: ['Mon', 'Tue', 'Wed'] }, maxItems: 3 };
  const plan = { type: 'object', properties: { days } };
  const meta = { config: { type: 'object', properties: { plan } } };
  await device.publish('devices/my-board/meta', JSON.stringify(meta), { retain: true });
  await other.publish('devices/my-board/config', '', { retain: true });
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/my-board');
  const list = panel(page).getByRole('group', { name: 'Days, optional' });
  const changes = panel(page).locator('[data-config-changes]');
  await expect(list).toContainText('Not set');
  await list.getByRole('button', { name: 'Set Days to an empty list' }).press('Enter');
  await expect(list.getByRole('button', { name: 'Do not set Days' })).toBeFocused();
  await expect(changes).toHaveText('Days: nothing → []');
  for (const day of ['Tue', 'Mon']) {
    await list.getByRole('button', { name: 'Add an entry' }).press('Enter');
    await expect(list.getByRole('combobox').last()).toBeFocused();
    await page.keyboard.type(day);
  }
  await list.getByRole('button', { name: 'Up: entry 2' }).press('Enter');
  await send(page);
  await expect.poll(asked).toEqual({ plan: { days: ['Mon', 'Tue'] } });

  await list.getByRole('button', { name: 'Remove entry 1' }).click();
  await askElsewhere({ plan: { days: ['Wed'] } });
  await expect(panel(page).locator('[data-config-conflicts="1"]')).toContainText('Keep mine: ["Tue"]');
  await panel(page).getByRole('button', { name: 'Take theirs' }).click();
  await expect(list.getByRole('combobox')).toHaveValue('Wed');
  await list.getByRole('button', { name: 'Remove entry 1' }).click();
  await send(page);
  await expect.poll(asked).toEqual({ plan: { days: [] } });
  // What no input shows is not lost by one: it is typed.
  await askElsewhere({ plan: { days: [{ from: 'Mon' }] } });
  await panel(page).getByText('Change it', { exact: true }).click();
  await expect(panel(page).getByRole('textbox', { name: /JSON object/ })).toBeVisible();
  for (const topic of ['meta', 'config'])
    await other.publish(`devices/my-board/${topic}`, '', { retain: true });
  await device.end();
  await other.end();
});

test('one change to many: what differs on each is shown first, one is left out, and each says what became of it', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await page.getByLabel('Search').fill('climate');
  await page.getByRole('button', { name: 'Configure several…' }).click();
  const many = page.getByRole('region', { name: 'Configure several devices' });
  const sensors = 4;
  await expect(page.locator('article[data-device]')).toHaveCount(sensors);
  await expect(many.getByText(`${sensors} devices of those below.`)).toBeVisible();
  await many.getByLabel('Correction').fill('0.5');
  await expect(many.locator('[data-planned]')).toHaveCount(sensors);
  await expect(many.locator('[data-planned="climate-2"]')).toContainText('Correction: 0, not asked → 0.5');
  await many.locator('[data-planned="climate-1"]').getByRole('checkbox').uncheck();
  await many.getByRole('button', { name: `Send to ${sensors - 1} devices…` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Send to/ })
    .click();
  await expect(many.locator('[data-count="done"]')).toHaveText(`${sensors - 1} done`, { timeout: 15_000 });
  await many.getByLabel('Correction').fill('0.50');
  await expect(many.locator('[data-planned="climate-2"]')).toContainText('Asked so already.');
  await many.locator('[data-planned="climate-1"]').getByRole('checkbox').check();
  await expect(many.getByRole('button', { name: 'Send to 1 device…' })).toBeEnabled();
});

test('a viewer sees what is in force, and why not what is asked', async ({ page, console, demo }) => {
  await console.enter(person(demo, 'viewer'));
  await console.go('#/device/climate-1');
  await expect(
    panel(page).getByText('What is asked of this device is not readable with this sign-in (viewer).'),
  ).toBeVisible();
  await expect(panel(page).getByText(/may not write devices\/climate-1\/config/)).toBeVisible();
  await expect(state(page).getByText('Correction')).toBeVisible();
  await expect(panel(page).getByRole('button', { name: 'Send', exact: true })).toHaveCount(0);
  await console.go('#/fleet');
  await expect(page.locator('[data-device]').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Configure several…' })).toHaveCount(0);
});
