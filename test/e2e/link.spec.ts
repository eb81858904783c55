import { expect, person, test } from '../support/e2e.ts';

test('only what I look at: the page says which devices are on the screen, and Settings what it costs', async ({
  page,
  console,
  demo,
}) => {
  await console.signIn(person(demo, 'operator'));
  await console.live();
  await console.go('#/settings');
  await expect(page.getByRole('radio', { name: /Record everything/ })).toBeChecked();
  await page.getByRole('radio', { name: /Only what I look at/ }).check();
  await console.go('#/connection');
  const telemetry = page.locator('[data-subscription$="/telemetry"]');
  await expect(telemetry).toHaveCount(0);
  await console.go('#/device/boiler-1');
  await expect(console.channel('boiler-1', 'setpoint')).toHaveAttribute('data-source', 'live');
  await console.go('#/connection');
  // It lingers for a few seconds after its page was left.
  await expect(telemetry).toHaveCount(1);
  await expect(telemetry).toHaveAttribute('data-subscription', 'devices/boiler-1/telemetry');
  await expect(telemetry).toHaveCount(0);
  await console.go('#/fleet');
  const speaking = page.locator('article').filter({ has: page.locator('[data-source="live"]') });
  await expect.poll(() => speaking.count(), { timeout: 20_000 }).toBeGreaterThan(3);
  await console.go('#/connection');
  await expect.poll(() => telemetry.count()).toBeGreaterThan(1);
  await console.go('#/settings');
  await expect(page.getByText(/a minute now/).first()).toBeVisible();
  await page.reload();
  await console.signIn(person(demo, 'operator'));
  await console.live();
  await console.go('#/settings');
  await expect(page.getByRole('radio', { name: /Only what I look at/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /Queue while away/ })).toBeDisabled();
});

test('no link: a command can wait until it says, or not be sent; it can be taken back', async ({
  page,
  console,
  demo,
}) => {
  await console.signIn(person(demo, 'operator'));
  await console.live();
  await console.go('#/device/boiler-1');
  const form = page.locator('[data-command-form]').first();
  await form.getByLabel('Setpoint').fill('55');
  await demo.kill();
  await expect(form.getByRole('button', { name: /^Queue until \d\d:\d\d:\d\d$/ })).toBeVisible();
  await form.getByRole('button', { name: "Don't send" }).click();
  await expect(form.getByText('Not sent.')).toBeVisible();
  await form.getByLabel('Setpoint').fill('56');
  await form.getByRole('button', { name: /^Queue until/ }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: /send/i });
  const command = page.locator('[data-command]').first();
  await expect(confirm.or(command).first()).toBeVisible();
  if (await confirm.isVisible()) await confirm.click();
  await expect(command).toHaveAttribute('data-outcome', 'queued');
  await console.go('#/commands');
  await expect(command).toHaveAttribute('data-outcome', 'queued');
  await command.getByRole('button', { name: 'Take back' }).click();
  await expect(command).toHaveAttribute('data-outcome', 'refused');
  await demo.restart();
  await console.live();
  await expect(command).toHaveAttribute('data-outcome', 'refused');
});
