import type { Page } from '@playwright/test';
import { connectClient } from '../support/broker-clients.ts';
import { expect, person, spare, test } from '../support/e2e.ts';

/** Says yes to the question, where one is asked. */
async function confirmIfAsked(page: Page): Promise<void> {
  const yes = page.getByRole('dialog').getByRole('button', { name: /send/i });
  const command = page.locator('[data-command]').first();
  await expect(yes.or(command).first()).toBeVisible();
  if (await yes.isVisible()) await yes.click();
}

test('an operator moves a setpoint and the boiler itself says that it is done', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/boiler-1');
  const form = page.locator('[data-command-form]').first();
  await form.getByLabel('Setpoint').fill('55');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  await confirmIfAsked(page);
  await expect(page.locator('[data-command]').first()).toHaveAttribute('data-outcome', 'done');
  await expect(console.channel('boiler-1', 'setpoint')).toHaveText(/55/);
});

test('a viewer is told that this sign-in may not, and the broker refuses it if tried anyway', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'viewer'));
  await console.go('#/device/boiler-1');
  const form = page.locator('[data-command-form]').first();
  await expect(page.getByText(/may not/).first()).toBeVisible();
  await expect(form.getByRole('button', { name: 'Send', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: /send anyway/i }).click();
  await form.getByLabel('Setpoint').fill('55');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  await confirmIfAsked(page);
  await expect(page.locator('[data-command]').first()).toHaveAttribute('data-outcome', 'refused', {
    timeout: 15_000,
  });
  await console.live();
  await expect(page.locator('[data-source="live"]').first()).toBeVisible();
});

test('a device that never answers is unanswered after the deadline', async ({
  page,
  console,
  demo,
  board,
}) => {
  await console.enter(person(demo, 'operator'));
  await board();
  await console.go('#/device/my-board');
  await page.getByLabel(/valid for/i).selectOption({ index: 0 });
  await page.getByRole('textbox', { name: /json/i }).fill('{"led":true}');
  await page.locator('[data-command-form]').last().getByRole('button', { name: 'Send', exact: true }).click();
  await confirmIfAsked(page);
  const command = page.locator('[data-command]').first();
  await expect(command).toHaveAttribute('data-outcome', 'accepted');
  await expect(command).toHaveAttribute('data-outcome', 'unanswered', { timeout: 20_000 });
});

test('a switch shows what the device reports, and beside it what was asked for', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/pump-2');
  const form = page.locator('[data-command-form="relay"]');
  const lever = form.getByRole('switch');
  await expect(lever).toBeEnabled();
  const before = await lever.getAttribute('aria-checked');
  const other = before === 'true' ? 'false' : 'true';
  await lever.focus();
  await page.keyboard.press('Space');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('devices/pump-2/cmd');
  await expect(dialog).toContainText(`"args":{"on":${other}}`);
  // It has not been sent yet: nothing may have jumped.
  await expect(lever).toHaveAttribute('aria-checked', before ?? '');
  await dialog.getByRole('button', { name: 'Send' }).click();
  // The relay takes 0.3 s.
  await expect(form.locator('[data-pending]')).toHaveAttribute(
    'data-pending',
    other === 'true' ? 'On' : 'Off',
  );
  await expect(lever).toHaveAttribute('aria-checked', before ?? '');
  await expect(lever).toHaveAttribute('aria-checked', other);
  await expect(form.locator('[data-pending]')).toHaveCount(0);
});

test('JSON as typed goes retained only after the topic, the payload and a warning were shown', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/sketch-1');
  const form = page.locator('[data-command-form="raw"]');
  await form.getByRole('textbox', { name: /json/i }).fill('{"led":false}');
  await form.getByText('QoS, retain and properties').click();
  await form.getByRole('checkbox', { name: 'Retain' }).check();
  await expect(form.getByRole('alert')).toContainText('each time it subscribes');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('devices/sketch-1/cmd');
  await expect(dialog).toContainText('{"led":false}');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('[data-command]')).toHaveCount(0);
});

test('a command that was retained by mistake is cleared by sending nothing, retained', async ({
  page,
  console,
  demo,
}) => {
  const topic = 'devices/my-board/cmd';
  const device = await connectClient(demo.mqtt, spare(demo), { version: 4, clientId: 'my-board' });
  await device.publish('devices/my-board/status', 'online', { retain: true });
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/my-board');
  const form = page.locator('[data-command-form="raw"]');
  const typed = form.getByRole('textbox', { name: /json/i });
  await typed.fill('{"led":false}');
  await form.getByText('QoS, retain and properties').click();
  await form.getByRole('checkbox', { name: 'Retain' }).check();
  const dialog = page.getByRole('dialog');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(page.locator('[data-command]')).toHaveCount(1);
  await device.subscribe(topic);
  await expect.poll(() => device.seen.map(({ payload }) => String(payload))).toEqual(['{"led":false}']);

  await typed.fill('');
  await expect(form).toContainText('the broker forgets the command');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.getByRole('button', { name: 'Clear' }).click();
  await expect(page.locator('[data-command]').first()).toContainText('what is retained, cleared');
  await expect.poll(() => device.seen.map(({ payload }) => String(payload))).toEqual(['{"led":false}', '']);
  const later = await connectClient(demo.mqtt, spare(demo), { version: 4, clientId: 'my-board' });
  await later.subscribe(topic);
  await later.publish('devices/my-board/status', '', { retain: true });
  expect(later.seen).toEqual([]);
  await later.end();
});

test('a program of steps is put together with the keyboard, slid, and sent only by the button', async ({
  page,
  console,
  demo,
}) => {
  const device = await connectClient(demo.mqtt, spare(demo), { version: 4, clientId: 'my-board' });
  await device.subscribe('devices/my-board/cmd');
  const speed = { type: 'integer', title: 'Speed', unit: 'rpm', minimum: 0, maximum: 3000, multipleOf: 100 };
  const step = { type: 'object', required: ['speed'], properties: { speed, note: { type: 'string' } } };
  const steps = { type: 'array', title: 'Steps', items: step, minItems: 1, maxItems: 3 };
  const power = { type: 'number', title: 'Power', unit: 'W', minimum: 0, maximum: 50, default: 10 };
  const args = { type: 'object', required: ['power', 'steps'], properties: { power, steps } };
  const meta = { commands: [{ name: 'program', args }] };
  await device.publish('devices/my-board/meta', JSON.stringify(meta), { retain: true });
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/my-board');
  const form = page.locator('[data-command-form="program"]');
  await form.getByRole('slider', { name: 'Slider from 0 to 50' }).focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
  await expect(form.getByLabel('Power (W)')).toHaveValue('12');
  await form.getByLabel('Speed (rpm)').fill('4000');
  await form.getByRole('button', { name: 'Add an entry' }).press('Enter');
  // It is in the new entry.
  await page.keyboard.type('200');
  await form.getByRole('button', { name: 'Up: entry 2' }).press('Enter');
  await expect(form.getByRole('button', { name: 'Down: entry 1' })).toBeFocused();
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  const second = form.getByRole('group', { name: 'Entry 2 of Steps' });
  await expect(second).toContainText('Speed has to be a whole number from 0 to 3000, a multiple of 100.');
  await expect(second.getByLabel('Speed (rpm)')).toBeFocused();
  await second.getByLabel('Speed (rpm)').fill('900');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  const { payload } = await device.received(({ topic }) => topic.endsWith('/cmd'));
  expect(JSON.parse(payload)).toMatchObject({ args: { power: 12, steps: [{ speed: 200 }, { speed: 900 }] } });
  expect(device.seen).toHaveLength(1);
  await device.publish('devices/my-board/meta', '', { retain: true });
  await device.end();
});
