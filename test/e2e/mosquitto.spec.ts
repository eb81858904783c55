import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetIds } from '../../src/demo/fleet-ids.ts';
import { test as base, expect } from '../support/e2e.ts';
import { startMosquitto, type RunningMosquitto } from '../support/mosquitto.ts';
import { runBrokerConfig } from '../support/run-broker-config.ts';

interface World {
  /** A real Mosquitto with the generated configuration, the simulated fleet on it, and its policy documents. */
  readonly mosquitto: RunningMosquitto;
}

const test = base.extend<object, World>({
  mosquitto: [
    // Playwright reads a fixture's needs off this pattern.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const ids = fleetIds(12);
      const mosquitto = await startMosquitto({ devices: ids });
      const file = join(mosquitto.folder, 'devices.json');
      writeFileSync(file, JSON.stringify(mosquitto.credentials.devices));
      const fleet = fork(
        'src/node/simulate.ts',
        ['--broker', mosquitto.mqtt, '--devices', '12', '--credentials', file],
        {
          execArgv: ['--import', 'tsx'],
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        },
      );
      await once(fleet, 'message');
      const { username, password } = mosquitto.credentials.users['admin'] ?? { username: '', password: '' };
      await runBrokerConfig(
        'publish',
        '--broker',
        mosquitto.ws,
        '--username',
        username,
        '--password',
        password,
      );
      await use(mosquitto);
      fleet.kill();
      await once(fleet, 'exit');
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

test('the same page works over MQTT 5 on a Mosquitto that an administrator set up from generated files', async ({
  page,
  console,
  mosquitto,
}) => {
  await console.signIn(user(mosquitto, 'operator'), mosquitto.ws);
  await console.live();
  await expect(console.link).toHaveAttribute('data-protocol', '5');
  await expect(page.locator('[data-device]')).toHaveCount(12);
  await expect(page.locator('[data-source="live"]').first()).toBeVisible();
  await console.go('#/device/boiler-1');
  const form = page.locator('[data-command-form]').first();
  await form.getByLabel('Setpoint').fill('56');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.locator('[data-command]').first()).toHaveAttribute('data-outcome', 'done');
  await expect(console.channel('boiler-1', 'setpoint')).toHaveText(/56/);
  expect(console.errors).toEqual([]);
});

test('a viewer who tries to command a device is refused by Mosquitto, with its reason code', async ({
  page,
  console,
  mosquitto,
}) => {
  await console.signIn(user(mosquitto, 'viewer'), mosquitto.ws);
  await console.live();
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
  await console.signIn(user(mosquitto, 'viewer'), mosquitto.ws);
  await console.live();
  await expect(page.locator('[data-source="live"]').first()).toBeVisible();
  await mosquitto.down();
  await expect(console.link).toHaveAttribute('data-link', /offline|connecting/, { timeout: 2_000 });
  await expect(page.locator('[data-source="live"]')).toHaveCount(0);
  await mosquitto.up();
  await console.live(20_000);
  await expect(page.locator('[data-source="live"]').first()).toBeVisible({ timeout: 20_000 });
});
