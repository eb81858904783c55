import { X509Certificate, createHash } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { fleetIds } from '../../src/demo/fleet-ids.ts';
import { BROKERS } from '../support/brokers/brokers.ts';
import type { RunningBroker } from '../support/brokers/running-broker.ts';
import { simulateFleet, type SimulatedFleet } from '../support/brokers/simulate-fleet.ts';
import { startCaddy } from '../support/brokers/start-caddy.ts';
import { startNginx } from '../support/brokers/start-nginx.ts';
import { ConsolePage } from '../support/console-page.ts';
import { DIST, hostPage } from '../support/page-host.ts';

// The built page on each real broker, set up from the generated files with the simulated fleet on it: straight to the
// broker's own WebSocket, and with page and broker under one name behind nginx or Caddy.

const DEVICES = 12;

/** What the page shows of each. */
const SHOWS = {
  mosquitto: { kind: 'mosquitto', startFront: startNginx, protocol: '5', retained: true },
  'mosquitto-dynsec': { kind: 'mosquitto', startFront: startCaddy, protocol: '5', retained: true },
  nats: { kind: 'nats', startFront: startNginx, protocol: '4', retained: true },
  // No retained message for a wildcard: a page that comes later sees devices as they speak, and no description.
  rabbitmq: { kind: 'rabbitmq', startFront: startNginx, protocol: '4', retained: false },
} as const;

for (const [name, start] of BROKERS) {
  test.describe(name, () => {
    const { kind, startFront, protocol, retained } = SHOWS[name];
    let broker: RunningBroker;
    let fleet: SimulatedFleet | undefined;
    const started: { stop(): Promise<void> }[] = [];
    test.beforeAll(async () => {
      test.setTimeout(90_000);
      broker = await start(await loadPolicy({ devices: fleetIds(DEVICES) }));
      fleet = await simulateFleet(broker, DEVICES);
    });
    test.afterEach(async () => {
      await Promise.all(started.splice(0).map((one) => one.stop()));
    });
    test.afterAll(async () => {
      await fleet?.stop();
      await broker.stop();
    });

    /** Signs in at the first broker of config.json, looks at the fleet and has a boiler answer. */
    async function work(page: Page, setpoint: number): Promise<void> {
      const console = new ConsolePage(page);
      await console.enter(broker.credential('operator'));
      await expect(console.link).toHaveAttribute('data-protocol', protocol);
      await expect(console.channel('boiler-1', 'setpoint')).toHaveAttribute('data-source', 'live');
      if (retained) await expect(page.locator('[data-device]')).toHaveCount(DEVICES);
      await console.go('#/device/boiler-1');
      if (retained) {
        const form = page.locator('[data-command-form="setpoint"]');
        await form.getByLabel('Setpoint').fill(String(setpoint));
        await form.getByRole('button', { name: 'Send', exact: true }).click();
      } else {
        const description = page.getByRole('region', { name: 'Description' });
        await expect(description).toContainText('No description has come.');
        const form = page.locator('[data-command-form="raw"]');
        const command = { id: `by-hand-${setpoint}`, name: 'setpoint', args: { value: setpoint } };
        await form.getByRole('textbox', { name: /json/i }).fill(JSON.stringify(command));
        await form.getByRole('button', { name: 'Send', exact: true }).click();
      }
      await expect(page.locator('[data-command]').first()).toHaveAttribute('data-outcome', 'done');
      await expect(console.channel('boiler-1', 'setpoint')).toHaveText(new RegExp(String(setpoint)));
      expect(console.errors).toEqual([]);
    }

    test('the page, from a host of its own, shows the fleet and commands a device', async ({ page }) => {
      const host = await hostPage();
      started.push(host);
      host.brokers = [{ name: 'Plant', kind, urls: [broker.ws], root: 'devices' }];
      await page.goto(host.url);
      await work(page, 56);
    });

    test('page and broker are one https:// address behind a web server: the same', async ({
      playwright,
      launchOptions,
    }) => {
      const front = await startFront(broker.policy, kind, Number(new URL(broker.ws).port));
      started.push(front);
      cpSync(DIST, front.page, { recursive: true });
      const brokers = [{ name: 'Plant', kind, urls: ['mqtt'], root: 'devices' }];
      writeFileSync(join(front.page, 'config.json'), JSON.stringify({ brokers }));
      const args = [...(launchOptions.args ?? []), trusts(front.certificate)];
      const browser = await playwright.chromium.launch({ ...launchOptions, args });
      started.push({ stop: () => browser.close() });
      const page = await browser.newPage();
      const answer = await page.goto(`${front.origin}/`);
      expect(answer?.headers()['content-security-policy']).toContain("frame-ancestors 'self'");
      await work(page, 58);
      expect(await page.evaluate(() => isSecureContext)).toBe(true);
      await page.evaluate(() => navigator.serviceWorker.ready);
    });
  });
}

/** The flag by which Chromium takes this key for a trusted one, for its service worker too. */
function trusts(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
}
