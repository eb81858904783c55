import type { Page } from '@playwright/test';
import { expect, person, test } from '../support/e2e.ts';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('what was typed is there again after a look at another page, until it is discarded', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'admin'));
  await console.go('#/device/freezer-1');
  const keepAt = region(page, 'Configuration').getByLabel('Keep at');
  const changes = region(page, 'Configuration').locator('[data-config-changes]');
  const before = await keepAt.inputValue();
  await keepAt.fill('-24');
  await region(page, 'Description').getByRole('button', { name: 'Describe this device' }).click();
  const describing = page.getByRole('form', { name: 'Describe freezer-1' });
  await describing.getByLabel('Location').fill('Cellar');
  await console.go('#/alerts');
  await region(page, 'Rules').getByRole('button', { name: 'New rule' }).click();
  const rule = region(page, 'Rules').getByRole('form', { name: 'New rule' });
  await rule.getByRole('combobox', { name: /^Channel/ }).fill('t');

  await console.go('#/device/freezer-2');
  await expect(page.getByRole('heading', { name: /freezer-2/ }).first()).toBeVisible();
  await expect(page.getByRole('form', { name: /^Describe/ })).toHaveCount(0);
  await console.go('#/device/freezer-1');
  await expect(describing.getByLabel('Location')).toHaveValue('Cellar');
  await expect(describing).toContainText('Taken up as you left it.');
  await expect(keepAt).toHaveValue('-24');
  await expect(changes).toContainText('→ -24');
  await region(page, 'Configuration').getByRole('button', { name: 'Discard' }).click();
  await describing.getByRole('button', { name: 'Cancel' }).click();
  await console.go('#/alerts');
  await expect(rule.getByRole('combobox', { name: /^Channel/ })).toHaveValue('t');
  await rule.getByRole('button', { name: 'Cancel' }).click();

  await console.go('#/device/freezer-1');
  await expect(keepAt).toHaveValue(before);
  await expect(describing).toHaveCount(0);
  await console.go('#/alerts');
  await expect(region(page, 'Rules')).toBeVisible();
  await expect(rule).toHaveCount(0);
});

test('a link from far down a page leads to the top of the next', async ({ page, console, demo }) => {
  await page.setViewportSize({ width: 390, height: 600 });
  await console.enter(person(demo, 'viewer'));
  const scrolled = () => page.evaluate(() => scrollY);
  // The whole fleet: those still to come would push the others down after the click.
  await expect(page.locator('article[data-device]:not([data-device="my-board"])')).toHaveCount(24);
  await expect(page.locator('article[data-device]').nth(8)).toBeVisible();
  await page.evaluate(() => scrollTo(0, 900));
  await page.locator('article[data-device] a').nth(8).click();
  await expect(region(page, 'Values now')).toBeVisible();
  expect(await scrolled()).toBe(0);
  await page.goBack();
  await expect(page.locator('article[data-device]').nth(8)).toBeInViewport();
  expect(await scrolled()).toBeGreaterThan(800);
});

test('what the fleet was searched for is still asked after a look at a device', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'viewer'));
  const devices = page.locator('article[data-device]');
  await page.getByRole('searchbox').fill('freezer');
  await expect(devices).toHaveCount(1);
  await devices.locator('a').first().click();
  await expect(region(page, 'Values now')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('freezer');
  await expect(devices).toHaveCount(1);
});

test('the box beside a switch begins as the device reports, so that Send alone turns nothing off', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/pump-2');
  const form = page.locator('[data-command-form="relay"]');
  const lever = form.getByRole('switch');
  await expect(lever).toBeEnabled();
  if ((await lever.getAttribute('aria-checked')) === 'false') {
    await lever.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  }
  await expect(lever).toHaveAttribute('aria-checked', 'true');
  await expect(form.getByRole('checkbox')).toBeChecked();
});
