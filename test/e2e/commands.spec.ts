import type { Page } from '@playwright/test';
import { expect, person, test } from '../support/e2e.ts';

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
  await console.signIn(person(demo, 'operator'));
  await console.live();
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
  await console.signIn(person(demo, 'viewer'));
  await console.live();
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
  await console.signIn(person(demo, 'operator'));
  await console.live();
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
