import { expect, person, test } from '../support/e2e.ts';

test('how long the history is kept is changed, and is so again after a reload', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await console.go('#/settings');
  const days = page.getByLabel(/Every reading, for/);
  await expect(days).toHaveValue('90');
  await days.fill('0');
  await expect(page.getByRole('alert')).toHaveText(/1 to 36,500 days/);
  await expect(page.getByRole('button', { name: 'Keep it so' })).toBeDisabled();
  await days.fill('30');
  await page.getByRole('button', { name: 'Keep it so' }).click();
  await expect(page.getByText('Stored.')).toBeVisible();
  await page.reload();
  await console.enter(person(demo, 'operator'));
  await expect(page.getByLabel(/Every reading, for/)).toHaveValue('30');
});

test('the page of a device lists what happened to it', async ({ page, console, demo, board }) => {
  await console.enter(person(demo, 'operator'));
  const device = await board();
  await console.go('#/device/my-board?range=15m');
  await expect(console.device('my-board')).toHaveAttribute('data-status', 'online');
  device.drop();
  await expect(console.device('my-board')).toHaveAttribute('data-status', 'offline');
  const happened = page.getByRole('region', { name: 'What happened' });
  // The list is asked for every ten seconds.
  await expect(happened.locator('[data-event="status"]').first()).toHaveText(/Offline\./, {
    timeout: 20_000,
  });
});
