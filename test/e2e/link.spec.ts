import { expect, person, test } from '../support/e2e.ts';

test('only what I look at: the page says which devices are on the screen, and Settings what it costs', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
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
  // What still looks live may be from when everything was recorded, and ages go on by themselves: these send now.
  const speaking = await page.evaluateHandle(() => {
    const devices = new Set<string>();
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const device = target.parentElement?.closest('.figure')?.closest('[data-device]');
        devices.add(device?.getAttribute('data-device') ?? '');
      }
      devices.delete('');
    }).observe(document.body, { subtree: true, characterData: true });
    return devices;
  });
  await expect
    .poll(() => speaking.evaluate((devices) => devices.size), { timeout: 20_000 })
    .toBeGreaterThan(3);
  // They linger for a few seconds only: a look now and then could come too late.
  const most = await page.evaluateHandle(() => {
    const seen = { most: 0 };
    new MutationObserver(() => {
      const shown = document.querySelectorAll('[data-subscription$="/telemetry"]').length;
      seen.most = Math.max(seen.most, shown);
    }).observe(document.body, { subtree: true, childList: true });
    return seen;
  });
  await console.go('#/connection');
  await expect.poll(() => most.evaluate((seen) => seen.most)).toBeGreaterThan(1);
  await console.go('#/settings');
  const everything = page.locator('label').filter({ hasText: 'Record everything' });
  await expect(page.locator('label').filter({ hasText: 'Only what I look at' })).toContainText(
    'a minute now',
  );
  await expect(everything).toContainText('not measured in this browser yet');
  await page.evaluate(
    (at) => {
      const [[broker]] = JSON.parse(localStorage.getItem('telltale:/:link') ?? '[[]]') as [[string]];
      const measured = [[broker, { everything: { bytesPerMinute: 1_234_000, at } }]];
      localStorage.setItem('telltale:/:traffic', JSON.stringify(measured));
    },
    Date.UTC(2026, 0, 31, 12),
  );
  await page.reload();
  await console.enter(person(demo, 'operator'));
  await console.go('#/settings');
  await expect(page.getByRole('radio', { name: /Only what I look at/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /Queue while away/ })).toBeDisabled();
  await expect(everything).toContainText(/1\.2 MB a minute, measured 31 Jan at \d\d:\d\d/);
});

test('no link: a command can wait until it says, or not be sent; it can be taken back', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'operator'));
  await console.go('#/device/pump-1');
  const form = page.locator('[data-command-form="relay"]');
  await expect(form).toBeVisible();
  await demo.kill();
  await expect(form.getByRole('button', { name: /^Queue until \d\d:\d\d:\d\d$/ })).toBeVisible();
  await form.getByRole('button', { name: "Don't send" }).click();
  await expect(form.getByText('Not sent.')).toBeVisible();
  await form.getByRole('button', { name: /^Queue until/ }).click();
  const confirm = page.getByRole('dialog');
  await expect(confirm).toContainText('when there is a link again');
  await confirm.getByRole('button', { name: /^Queue until \d\d:\d\d:\d\d$/ }).click();
  const command = page.locator('[data-command]').first();
  await expect(command).toHaveAttribute('data-outcome', 'queued');
  await console.go('#/commands');
  await expect(command).toHaveAttribute('data-outcome', 'queued');
  await command.getByRole('button', { name: 'Take back' }).click();
  await expect(command).toHaveAttribute('data-outcome', 'refused');
  await demo.restart();
  await console.live();
  await expect(command).toHaveAttribute('data-outcome', 'refused');
});
