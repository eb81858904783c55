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
import { openWorker } from './open-worker.ts';
import { parseConfig } from './parse-config.ts';
import { Preferences } from './preferences.svelte.ts';
import { HomeMemory } from './remembered-home.ts';
import { ScreenWake } from './screen-wake.svelte.ts';
import { retryLinkOnReturn } from './retry-link-on-return.ts';
import { Session } from './session.svelte.ts';
import './tokens.css';
import { UnfinishedForms } from './unfinished-forms.svelte.ts';
import { errorText } from './words/error-text.ts';

/** The offered brokers; without a usable config.json none, and the reason. */
async function offeredBrokers(messages: Messages, page: URL): ReturnType<typeof loadConfig> {
  try {
    return await loadConfig(page);
  } catch (error) {
    messages.config = `config.json cannot be used: ${errorText(error)} Type the broker's address instead.`;
    return [];
  }
}

async function loadConfig(page: URL): Promise<ReturnType<typeof parseConfig>> {
  const response = await fetch(new URL('config.json', page), { cache: 'no-cache' });
  if (!response.ok) throw new Error(`the server answered ${response.status}.`);
  return parseConfig(await response.text(), page.href);
}

async function start(target: HTMLElement): Promise<void> {
  const preferences = new Preferences();
  // Before the first await: the browser offers to install the page once, when it likes.
  const install = new InstallOffer();
  // Without the hash and the query: what is relative to the page is relative to its folder.
  const page = new URL('.', location.href);
  const messages = new Messages();
  const signals = new AlertSignals();
  const [worker, offered] = await Promise.all([openWorker(), offeredBrokers(messages, page)]);
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
  const address = new CurrentAddress();
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
  void offlineCopy.begin(import.meta.url);
  await resumed;
  // Otherwise every save in development would leave one more MQTT session behind.
  import.meta.hot?.dispose(() => worker.terminate());
}

const target = document.getElementById('app');
if (target !== null) {
  start(target).catch((error: unknown) => {
    const reason = errorText(error);
    mount(StartFailure, { target, props: { reason } });
  });
}
