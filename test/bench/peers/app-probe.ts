// Runs in the built page before its own code: reads the counters out of the frames that the page's worker posts, and asks
// that worker what the driver wants to know. It changes nothing of what the page or its worker does.
import { WIRE_VERSION } from '../../../src/engine-api/wire.ts';
import type { Alert } from '../../../src/model/alert/alert.ts';
import type { FromEngine, ToEngine } from '../../../src/engine-api/wire.ts';
import { benchPage } from '../page/bench-page.ts';
import { clickToDone } from '../page/click-to-done.ts';
import { watchPixels, type Shown } from '../page/pixel-watch.ts';

type Call = Extract<ToEngine, { type: 'call' }>;

let engine: Worker | undefined;
let lastId = 0;
let granted = false;
let resumed = false;
const waiting = new Map<number, (answer: Extract<FromEngine, { type: 'answer' }>) => void>();

const alerted = new Map<string, number>();

/** The ms from the arrival of the sample in the worker until its alert was on the page, by the rule's id. */
function noteAlerts(alerts: readonly Alert[]): void {
  const now = Date.now();
  for (const { rule, since } of alerts) {
    if (rule !== undefined && since !== undefined && !alerted.has(rule)) alerted.set(rule, now - since);
  }
}

benchPage['alerts'] = () => [...alerted];

function listenTo(worker: Worker): void {
  engine = worker;
  worker.addEventListener('message', (event: MessageEvent<FromEngine>) => {
    const message = event.data;
    if (message.type === 'frame' && message.frame.subscriptions) {
      granted = message.frame.subscriptions.every(({ state }) => state.startsWith('granted'));
    }
    if (message.type === 'frame' && message.frame.alerts) noteAlerts(message.frame.alerts);
    if (message.type === 'frame' && message.frame.link) resumed = message.frame.link.sessionPresent === true;
    if (message.type === 'frame' && message.frame.counters) {
      benchPage.counted(message.frame.counters.received, message.frame.counters.stored);
    } else if (message.type === 'answer') {
      waiting.get(message.id)?.(message);
      if (message.ok && isSeries(message.value)) onSeries();
    }
  });
}

globalThis.Worker = class extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    listenTo(this);
  }
};

/** Whether the broker has answered every subscription. */
benchPage['subscribed'] = () => granted;

/** Whether the broker had kept our session. */
benchPage['resumed'] = () => resumed;

/** Calls the engine as the page does, with ids below zero; answers with the milliseconds from asking to answer, too. */
benchPage['call'] = (name: Call['name'], ...args: readonly unknown[]) =>
  new Promise((resolve, reject) => {
    const id = --lastId;
    const began = performance.now();
    waiting.set(id, (answer) => {
      waiting.delete(id);
      if (answer.ok) resolve({ value: answer.value, ms: performance.now() - began });
      else reject(new Error(answer.error));
    });
    engine?.postMessage({ type: 'call', v: WIRE_VERSION, id, name, args } satisfies Call);
  });

let onSeries = (): void => {};
const isSeries = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'series' in value && 'gaps' in value;

/** Goes to an address with charts; answers with the milliseconds until they are drawn, and the points that they have. */
benchPage['showCharts'] = (hash: string) =>
  new Promise((resolve) => {
    const began = performance.now();
    onSeries = () => {
      onSeries = () => {};
      const answered = Date.now();
      const look = () => {
        const charts = [...document.querySelectorAll<HTMLElement>('[data-chart]')];
        // The end of the frame in which the last of them is drawn: each says until when it shows.
        if (charts.some(({ dataset }) => !(Number(dataset['to']) >= answered))) {
          requestAnimationFrame(() => setTimeout(look));
          return;
        }
        const points = charts.map(({ dataset }) => Number(dataset['points']));
        resolve({ ms: performance.now() - began, points });
      };
      requestAnimationFrame(() => setTimeout(look));
    };
    location.hash = hash;
  });

let shown: readonly Shown[] = [];
benchPage['watchPixels'] = (selector: string) => {
  const element = document.querySelector(selector);
  if (element === null) throw new Error(`Nothing on the page is ${selector}.`);
  shown = watchPixels(element);
};
benchPage['shown'] = () => shown;

benchPage['clickToDone'] = () => {
  const button = document.querySelector<HTMLElement>('[data-command-form="go"] button.main');
  if (button === null) throw new Error('The page has no form for the command "go".');
  return clickToDone(button);
};

/** As typing: the page hears of the value. */
function type(selector: string, value: string): void {
  const field = document.querySelector<HTMLInputElement>(selector);
  if (field === null) throw new Error(`The page has no ${selector}.`);
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

benchPage['signIn'] = (broker: string, username: string, password: string) => {
  type('#sign-in-broker', broker);
  type('#sign-in-username', username);
  type('#sign-in-password', password);
  document.querySelector<HTMLFormElement>('form[aria-label^="Sign in"]')?.requestSubmit();
};

let askedAt = 0;
new BroadcastChannel('bench-asked').onmessage = (event: MessageEvent<number>) => (askedAt ||= event.data);

/** The ms from the worker's first SUBSCRIBE until the page's counts by status say so many devices. */
benchPage['countDevices'] = (devices: number) =>
  new Promise((resolve) => {
    const look = (): void => {
      const counts = [...document.querySelectorAll('[data-count]')].map(({ textContent }) =>
        Number(textContent.replaceAll(/\D/g, '')),
      );
      const now = performance.timeOrigin + performance.now();
      if (counts.reduce((sum, count) => sum + count, 0) >= devices) resolve(now - askedAt);
      else requestAnimationFrame(look);
    };
    look();
  });
