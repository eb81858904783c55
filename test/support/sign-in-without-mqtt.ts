import type { Page } from '@playwright/test';
import { ConsolePage } from './console-page.ts';
import type { DemoStack } from './demo-stack.ts';
import { expect, person } from './e2e.ts';
import { setAside, type PageHost } from './page-host.ts';

/** Signs in while `host` lacks the file that speaks MQTT, and again, without a reload, when that is there. */
export async function signInWithoutMqtt(page: Page, host: PageHost, demo: DemoStack): Promise<void> {
  host.brokers = [{ name: 'Demo', urls: [demo.ws], root: 'devices' }];
  const mqtt = setAside(host, 'mqtt.');
  const console = new ConsolePage(page);
  await page.goto(host.url);
  await console.signIn(person(demo, 'viewer'));
  await expect(page.getByText(/did not deliver the part that speaks MQTT/)).toBeVisible();
  expect(host.asked).toContain(mqtt.path);
  mqtt.back();
  await console.enter(person(demo, 'viewer'));
}
