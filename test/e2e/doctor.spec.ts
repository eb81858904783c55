import { createServer } from 'node:http';
import type { Locator, Page } from '@playwright/test';
import { listen } from '../../src/node/listen.ts';
import { acceptWebSockets } from '../../src/node/web-socket.ts';
import { ownPolicy } from '../support/brokers/policies.ts';
import { startNginx } from '../support/brokers/start-nginx.ts';
import { expect, person, test } from '../support/e2e.ts';
import { freePorts } from '../support/free-port.ts';

/** What the doctor says first about the sign-in that has just failed. */
async function firstCause(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Find out why' }).click();
  const causes = page.locator('[data-cause]');
  await expect(causes.first()).toBeVisible({ timeout: 60_000 });
  return causes.first();
}

test('a wrong password: the doctor says so, and what the broker said', async ({ page, console, demo }) => {
  await console.signIn({ ...person(demo, 'viewer'), password: 'wrong' });
  await expect(page.getByText(/refused the password/)).toBeVisible();
  const cause = await firstCause(page);
  await expect(cause).toHaveAttribute('data-cause', 'credential');
  await expect(cause).toContainText('CONNACK 0x04, bad user name or password');
  await page.getByText('What was checked').click();
  await expect(page.locator('[data-stage="handshake"]')).toHaveAttribute('data-outcome', 'passed');
  await expect(page.locator('[data-stage="reach"]')).toHaveAttribute('data-outcome', 'passed');
  await expect(page.locator('[data-stage="connect"]')).toHaveAttribute('data-outcome', 'failed');
});

test('a wrong path on the right server: the address that opens is given', async ({ page, console, demo }) => {
  await console.signIn(person(demo, 'viewer'), demo.ws.replace(/mqtt$/, 'ws'));
  await expect(page.getByText(/No broker answers/)).toBeVisible({ timeout: 30_000 });
  const cause = await firstCause(page);
  await expect(cause).toHaveAttribute('data-cause', 'path');
  await expect(cause).toContainText(demo.ws);
});

test('a port at which nobody listens', async ({ page, console, demo }) => {
  const [port] = await freePorts(1);
  await console.signIn(person(demo, 'viewer'), `ws://127.0.0.1:${port}/mqtt`);
  await expect(page.getByText(/No broker answers/)).toBeVisible({ timeout: 30_000 });
  await expect(await firstCause(page)).toHaveAttribute('data-cause', 'port-closed');
});

test('a certificate that this browser does not trust: it can be opened in a new tab', async ({
  page,
  console,
  demo,
}) => {
  const front = await startNginx(await ownPolicy(), 'nats', Number(new URL(demo.ws).port));
  await console.signIn(person(demo, 'viewer'), front.ws);
  await expect(page.getByText(/No broker answers/)).toBeVisible({ timeout: 30_000 });
  const cause = await firstCause(page);
  await expect(cause).toHaveAttribute('data-cause', 'certificate');
  await expect(cause.getByRole('link')).toHaveAttribute('href', `${front.origin}/`);
  await expect(page.locator('[data-cause="credential"]')).toHaveCount(0);
  await front.stop();
});

test('a server that lets no page of this origin in', async ({ page, console, demo }) => {
  const server = createServer((_request, response) => response.writeHead(404).end());
  const end = acceptWebSockets(server, {
    names: new Set(['broker.example']),
    handle: (stream) => stream.destroy(),
    report: () => undefined,
  });
  const port = await listen(server, '127.0.0.1', 0, '--port');
  await console.signIn(person(demo, 'viewer'), `ws://127.0.0.1:${port}/mqtt`);
  await expect(page.getByText(/No broker answers/)).toBeVisible({ timeout: 30_000 });
  const cause = await firstCause(page);
  await expect(cause).toHaveAttribute('data-cause', 'origin');
  await expect(cause).toContainText(new URL(demo.url).origin);
  end();
  server.close();
});

test('the Connection page: traffic, rights by policy and by broker, and the errors of before', async ({
  page,
  console,
  demo,
}) => {
  await console.enter(person(demo, 'viewer'));
  await console.go('#/connection');
  const traffic = page.getByRole('region', { name: 'Traffic' });
  await expect
    .poll(async () => Number(await traffic.locator('[data-rate="in"]').innerText()))
    .toBeGreaterThan(0);
  const right = (filter: string) => page.locator(`[data-right="${filter}"]`);
  await expect(right('devices/+/telemetry')).toContainText('granted');
  await expect(right('devices/+/cmd')).toHaveAttribute('data-policy', 'no');
  await expect(page.locator('[data-rights-differ]')).toHaveCount(0);
  await demo.kill();
  // It looks live until the page has heard of the end.
  await expect(console.link).not.toHaveAttribute('data-link', 'live');
  await demo.restart();
  await console.live(60_000);
  await expect(page.locator('[data-link-error="link"]').first()).toContainText('WebSocket close');
  await page.getByText('Something is wrong all the same').click();
  await expect(await firstCause(page)).toHaveAttribute('data-cause', 'nothing-wrong');
});
