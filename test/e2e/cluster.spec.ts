import { expect, test } from '@playwright/test';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { fleetIds } from '../../src/demo/fleet-ids.ts';
import { simulateFleet, type SimulatedFleet } from '../support/brokers/simulate-fleet.ts';
import { startNatsCluster, type NatsCluster } from '../support/brokers/start-nats-cluster.ts';
import { ConsolePage } from '../support/console-page.ts';
import { hostPage, type PageHost } from '../support/page-host.ts';

const DEVICES = 6;

let cluster: NatsCluster;
let fleet: SimulatedFleet | undefined;
let host: PageHost;
test.beforeAll(async () => {
  test.setTimeout(90_000);
  cluster = await startNatsCluster(await loadPolicy({ devices: fleetIds(DEVICES) }));
  fleet = await simulateFleet(cluster.nodes[2]!, DEVICES);
});
test.afterAll(async () => {
  await fleet?.stop();
  await cluster.stop();
});
test.beforeEach(async () => {
  host = await hostPage();
});
test.afterEach(() => host.stop());

test('the gateway of the page is killed: the same page is live on another, with its fleet, and no reload', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const [first] = cluster.nodes;
  const urls = cluster.nodes.map(({ ws }) => ws);
  host.brokers = [{ name: 'Plant', kind: 'nats', urls, root: 'devices' }];
  await page.goto(host.url);
  const console = new ConsolePage(page);
  await console.signIn(cluster.credential('viewer'));
  await console.live(60_000);
  await expect(console.link).toHaveAttribute('data-endpoint', first!.ws);
  await expect(page.locator('[data-device][data-status="online"]')).toHaveCount(DEVICES, { timeout: 60_000 });
  await expect(page.locator('[data-source="live"]').first()).toBeVisible({ timeout: 60_000 });
  await page.evaluate(() => document.body.setAttribute('data-same-page', ''));

  await cluster.kill(first!.ws);
  await expect(console.link).not.toHaveAttribute('data-link', 'live');
  await expect(page.locator('[data-device]')).toHaveCount(DEVICES);
  await expect(page.locator('[data-source="live"]')).toHaveCount(0);
  await console.live(5_000);
  await expect(console.link).toHaveAttribute('data-endpoint', new RegExp(urls.slice(1).join('|')));
  await expect(page.locator('[data-source="live"]').first()).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('[data-device][data-status="online"]')).toHaveCount(DEVICES, { timeout: 60_000 });
  await expect(page.locator('body[data-same-page]')).toHaveCount(1);
});
