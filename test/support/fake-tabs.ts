import type { Clock } from '../../src/engine/time/clock.ts';
import type { Peers } from '../../src/engine/world/peers.ts';

interface Request {
  readonly tab: FakeTab;
  readonly held: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function aborted(): DOMException {
  return new DOMException('The request was aborted.', 'AbortError');
}

/** One browser with several tabs in one process: its locks and its channels behave as the specifications say. */
export class FakeBrowser {
  readonly #holders = new Map<string, Request>();
  readonly #queues = new Map<string, Request[]>();
  readonly #channels = new Map<string, Set<{ tab: FakeTab; receive: (message: unknown) => void }>>();
  /** Everything that crossed a channel. */
  readonly said: { readonly channel: string; readonly from: FakeTab; readonly message: unknown }[] = [];

  /** Every request for a lock, in order. */
  readonly asked: { readonly name: string; readonly tab: FakeTab }[] = [];

  openTab(clock: Clock): FakeTab {
    return new FakeTab(this, clock);
  }

  /** The tab that holds a lock. */
  holder(name: string): FakeTab | undefined {
    return this.#holders.get(name)?.tab;
  }

  /** The homes that some tab leads. */
  leads(): string[] {
    return [...this.#holders.keys()].filter((name) => name.split('|').length === 4);
  }

  request(
    tab: FakeTab,
    name: string,
    { steal = false, signal }: { steal?: boolean; signal?: AbortSignal },
    held: () => Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = { tab, held, resolve, reject };
      this.asked.push({ name, tab });
      if (signal?.aborted) return reject(aborted());
      if (steal) {
        const before = this.#holders.get(name);
        this.#holders.delete(name);
        before?.tab.run(() => before.reject(aborted()));
        this.#grant(name, request);
        return;
      }
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      queue.push(request);
      signal?.addEventListener('abort', () => {
        if (!queue.includes(request)) return;
        queue.splice(queue.indexOf(request), 1);
        reject(aborted());
      });
      this.#next(name);
    });
  }

  openChannel(tab: FakeTab, name: string, receive: (message: unknown) => void) {
    const ends = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, ends);
    const end = { tab, receive };
    ends.add(end);
    return {
      post: (message: unknown) => {
        if (!tab.alive) return;
        const copy = structuredClone(message);
        this.said.push({ channel: name, from: tab, message: copy });
        for (const other of ends) {
          if (other === end) continue;
          setImmediate(() => other.tab.run(() => ends.has(other) && other.receive(structuredClone(copy))));
        }
      },
      close: () => void ends.delete(end),
    };
  }

  /** The tab is gone: its locks come free without a word. */
  release(tab: FakeTab): void {
    for (const queue of this.#queues.values()) {
      for (const request of queue.filter((one) => one.tab === tab)) queue.splice(queue.indexOf(request), 1);
    }
    for (const [name, holder] of [...this.#holders]) {
      if (holder.tab !== tab) continue;
      this.#holders.delete(name);
      this.#next(name);
    }
  }

  #next(name: string): void {
    if (this.#holders.has(name)) return;
    const request = this.#queues.get(name)?.shift();
    if (request) this.#grant(name, request);
  }

  #grant(name: string, request: Request): void {
    this.#holders.set(name, request);
    setImmediate(() =>
      request.tab.run(() => {
        const over = (settle: () => void) => {
          settle();
          if (this.#holders.get(name) !== request) return;
          this.#holders.delete(name);
          this.#next(name);
        };
        request.held().then(
          () => over(request.resolve),
          (error: unknown) => over(() => request.reject(error)),
        );
      }),
    );
  }
}

/** One tab of a {@link FakeBrowser}: it can close, crash, and hang. */
export class FakeTab {
  readonly peers: Peers;
  /** The test's clock, as this tab feels it. */
  readonly clock: Clock;
  readonly #browser: FakeBrowser;
  #state: 'running' | 'hung' | 'gone' = 'running';
  #waiting: (() => void)[] = [];

  constructor(browser: FakeBrowser, clock: Clock) {
    this.#browser = browser;
    this.peers = {
      shared: { possible: true },
      locks: { request: (name, options, held) => browser.request(this, name, options, held) },
      openChannel: (name, receive) => browser.openChannel(this, name, receive),
    };
    this.clock = {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      after: (ms, run) => clock.after(ms, () => this.run(run)),
    };
  }

  get alive(): boolean {
    return this.#state === 'running';
  }

  /** Something happens in this tab: now, when it comes to itself again, or never. */
  run(event: () => unknown): void {
    if (this.#state === 'running') event();
    else if (this.#state === 'hung') this.#waiting.push(() => event());
  }

  /** A busy loop: nothing happens any more, and its locks stay. */
  hang(): void {
    this.#state = 'hung';
  }

  /** The loop ends: everything that waited happens in order. */
  recover(): void {
    this.#state = 'running';
    for (const event of this.#waiting.splice(0)) event();
  }

  /** The tab's process is gone, without a word. */
  crash(): void {
    this.#state = 'gone';
    this.#browser.release(this);
  }
}
