import { openApp } from './app-page.ts';
import type { BrokerProfile, Credential } from '../../src/model/broker.ts';
import { until, type Tab } from './cdp.ts';
import type { Lab } from './lab.ts';
import { deviceId } from './readings.ts';

/** One who receives what the source sends; opened anew for every round. */
export interface Consumer {
  readonly name: string;
  open(): Promise<Tab>;
}

/** How to reach the broker under test, and as whom. */
export interface Reach {
  readonly profile: BrokerProfile;
  readonly credential: Credential;
}

const TELEMETRY = ['devices/+/telemetry'];

/** One of the bench's pages that subscribes to telemetry; `parameters` are added to how to reach the broker. */
export function peerConsumer(
  lab: Lab,
  reach: Reach,
  name: string,
  page: string,
  parameters: object,
): Consumer {
  const signIn = { ...reach.credential, clientId: `bench-${page}` };
  const subscriber = { url: reach.profile.urls[0], signIn, filters: TELEMETRY, qos: 0 };
  return {
    name,
    open: async () => {
      const tab = await lab.chromium.open(lab.server.peer(page, { ...subscriber, ...parameters }));
      await until(tab, `globalThis.bench?.ready`, `The subscription of ${name}`);
      return tab;
    },
  };
}

/** The built app on its Fleet page, with an empty database; `prime` makes the fleet known to it. */
export function appConsumer(lab: Lab, reach: Reach, prime: () => Promise<void>, devices: number): Consumer {
  return {
    name: 'Telltale',
    open: async () => {
      const url = lab.server.app({ profile: reach.profile });
      const { tab } = await openApp(lab.chromium, url, reach.profile.name, reach.credential);
      await prime();
      await until(tab, `${countOnPage} >= ${devices}`, `${devices} devices on the Fleet page`);
      return tab;
    },
  };
}

/** The sum of the page's counts by status. */
export const countOnPage = `[...document.querySelectorAll('[data-count]')]
  .reduce((sum, { textContent }) => sum + Number(textContent.replaceAll(/\\D/g, '')), 0)`;

/** A message of each device that makes it known. */
export function firstReadings(devices: number): { topic: string; payload: string }[] {
  return Array.from({ length: devices }, (_, i) => ({
    topic: `devices/${deviceId(i)}/telemetry`,
    payload: '{"ts":1000}',
  }));
}
