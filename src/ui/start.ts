import { mount } from 'svelte';
import App from './App.svelte';
import StartFailure from './StartFailure.svelte';
import { AlertSignals } from './alert-signals.svelte.ts';
import { CurrentAddress } from './address.svelte.ts';
import { PageClock } from './clock.svelte.ts';
import type { Console } from './console-context.ts';
import { EngineClient } from './engine.svelte.ts';
import { InstallOffer } from './install-offer.svelte.ts';
import { LinkMemory } from './link-memory.ts';
import { Live } from './live/live.svelte.ts';
import { MeasuredTraffic } from './measured-traffic.ts';
import { Messages } from './messages.svelte.ts';
import { FleetView } from './pages/fleet/fleet-view.svelte.ts';
import { OfflineCopy } from './offline-copy.svelte.ts';
import { parseConfig } from './parse-config.ts';
import { Preferences } from './preferences.svelte.ts';
import { HomeMemory } from './remembered-home.ts';
import { ScreenWake } from './screen-wake.svelte.ts';
import { retryLinkOnReturn } from './retry-link-on-return.ts';
import { Session } from './session.svelte.ts';
import { UnfinishedForms } from './unfinished-forms.svelte.ts';
import { errorText } from './words/error-text.ts';

/** What the entry has begun (src/ui/main.ts). */
export interface Begun {
  readonly opening: Promise<Worker>;
  /** The answer to the question for config.json. */
  readonly answering: Promise<Response>;
  /** That the page can be installed, where the browser has already said so. */
  readonly installPrompt: Event | undefined;
  /** The URL of the entry script. */
  readonly entry: string;
}

/** The offered brokers; without a usable config.json none, and the reason. */
async function offeredBrokers(
  messages: Messages,
  page: URL,
  answering: Promise<Response>,
): Promise<ReturnType<typeof parseConfig>> {
  try {
    const response = await answering;
    if (!response.ok) throw new Error(`the server answered ${response.status}.`);
    return parseConfig(await response.text(), page.href);
  } catch (error) {
    messages.config = `config.json cannot be used: ${errorText(error)} Type the broker's address instead.`;
    return [];
  }
}

/** Puts the page into `target`. Never rejects: what keeps it from starting is said in its place. */
export async function start(target: HTMLElement, begun: Begun): Promise<void> {
  try {
    await mountConsole(target, begun);
  } catch (error) {
    mount(StartFailure, { target, props: { reason: errorText(error) } });
  }
}

async function mountConsole(target: HTMLElement, begun: Begun): Promise<void> {
  const { opening, answering, installPrompt, entry } = begun;
  const preferences = new Preferences();
  // Before the first await: an offer that comes from now on is for it to hear.
  const install = new InstallOffer(installPrompt);
  // Without the hash and the query: what is relative to the page is relative to its folder.
  const page = new URL('.', location.href);
  const messages = new Messages();
  const signals = new AlertSignals();
  const address = new CurrentAddress();
  // Not only when it is shown: by then the worker has its values.
  if (address.current.page === 'device') void import('./pages/Device.svelte').catch(() => undefined);
  const [worker, offered] = await Promise.all([opening, offeredBrokers(messages, page, answering)]);
  const live = new Live();
  const engine = new EngineClient(worker, {
    frame: (frame) => live.apply(frame),
    notice: (text, alert) => {
      messages.notice = text;
      if (alert) signals.begun(text, alert);
    },
    shownAgain: () => live.shownAgain(),
    ended: (reason) => (messages.ended = reason),
  });
  retryLinkOnReturn(engine);
  const session = new Session(
    engine,
    new HomeMemory(page.pathname),
    new LinkMemory(page.pathname),
    offered,
    page,
  );
  const resumed = session.resume(address.current.broker);
  const offlineCopy = new OfflineCopy(page);
  const parts: Console = {
    engine,
    live,
    session,
    address,
    messages,
    preferences,
    clock: new PageClock(),
    traffic: new MeasuredTraffic(page.pathname),
    offlineCopy,
    install,
    screen: new ScreenWake(),
    signals,
    unfinished: new UnfinishedForms(),
    fleetView: new FleetView(live),
  };
  mount(App, { target, props: { parts } });
  // After the page is there: storing its copy would otherwise compete with it for the network.
  void offlineCopy.begin(entry);
  await resumed;
  // Otherwise every save in development would leave one more MQTT session behind.
  import.meta.hot?.dispose(() => worker.terminate());
}
