import type { CallName, Calls } from '../../src/engine-api/calls.ts';
import type { Credential } from '../../src/model/broker.ts';
import { until, type Chromium, type Tab } from './cdp.ts';

/** The built app in a tab, signed in. */
export interface AppPage {
  readonly tab: Tab;
  /** Asks the page's own worker; `ms` is from asking to answer, seen from the page. `pick` runs there, on `value`. */
  call<Name extends CallName, Picked = ReturnType<Calls[Name]>>(
    name: Name,
    args: Parameters<Calls[Name]>,
    pick?: string,
  ): Promise<{ readonly value: Picked; readonly ms: number }>;
}

/**
 * Opens the app at `url`, signs in as a person does, and answers when it has subscribed. `before` runs in the page before
 * it signs in.
 */
export async function openApp(
  chromium: Chromium,
  url: string,
  broker: string,
  { username, password }: Credential,
  before = '',
): Promise<AppPage> {
  const tab = await chromium.open(url);
  await until(tab, `globalThis.bench && document.querySelector('#sign-in-broker')`, 'The sign-in form');
  await tab.evaluate(
    `${before};bench.signIn(${[broker, username, password].map((text) => JSON.stringify(text)).join()})`,
  );
  await until(tab, `document.querySelector('[data-link="live"]')`, 'A live link');
  await until(tab, 'bench.subscribed()', 'The answer to the subscriptions of the app');
  return {
    tab,
    call: (name, args, pick = 'value') =>
      tab.evaluate(
        `bench.call(${JSON.stringify(name)}, ...${JSON.stringify(args)}).then(({ value, ms }) => ({ value: ${pick}, ms }))`,
      ),
  };
}
