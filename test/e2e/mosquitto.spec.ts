import { fleetIds } from '../../src/demo/fleet-ids.ts';
import { simulateFleet } from '../support/brokers/simulate-fleet.ts';
import { test as base, expect } from '../support/e2e.ts';
import { startMosquitto, type RunningMosquitto } from '../support/mosquitto.ts';

interface World {
  /** A real Mosquitto with the generated configuration, the simulated fleet on it, and its policy documents. */
  readonly mosquitto: RunningMosquitto;
}

const test = base.extend<object, World>({
  mosquitto: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs off this pattern
    async ({}, use) => {
      const mosquitto = await startMosquitto({ devices: fleetIds(12) });
      const credential = (name: string) => user(mosquitto, name);
      const fleet = await simulateFleet({ ...mosquitto, env: process.env, credential }, 12);
      await use(mosquitto);
      await fleet.stop();
      await mosquitto.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

function user(mosquitto: RunningMosquitto, name: string): { username: string; password: string } {
  const credential = mosquitto.credentials.users[name];
  if (!credential) throw new Error(`There is no credential for ${name}.`);
  return credential;
}

test('a viewer who tries to command a device is refused by Mosquitto, with its reason code', async ({
  page,
  console,
  mosquitto,
}) => {
  await console.enter(user(mosquitto, 'viewer'), mosquitto.ws);
  await console.go('#/device/boiler-1');
  await expect(page.getByText(/may not/).first()).toBeVisible();
  await page.getByRole('button', { name: /send anyway/i }).click();
  const form = page.locator('[data-command-form]').first();
  await form.getByLabel('Setpoint').fill('57');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  const command = page.locator('[data-command]').first();
  await expect(command).toHaveAttribute('data-outcome', 'refused');
  await expect(command).toContainText(/refused/i);
  await expect(console.link).toHaveAttribute('data-link', 'live');
});

test('a wrong password is the same one sentence here', async ({ page, console, mosquitto }) => {
  await console.signIn({ username: 'viewer', password: 'wrong' }, mosquitto.ws);
  await expect(
    page.getByText('The broker refused the password for viewer. Check it and sign in again.'),
  ).toBeVisible();
});

test('Mosquitto is stopped and comes back', async ({ page, console, mosquitto }) => {
  await console.enter(user(mosquitto, 'viewer'), mosquitto.ws);
  await expect(page.locator('[data-source="live"]').first()).toBeVisible();
  await mosquitto.down();
  await expect(console.link).toHaveAttribute('data-link', /offline|connecting/, { timeout: 2_000 });
  await expect(page.locator('[data-source="live"]')).toHaveCount(0);
  await mosquitto.up();
  await console.live(20_000);
  await expect(page.locator('[data-source="live"]').first()).toBeVisible({ timeout: 20_000 });
});
