import type { BatchRequest, CallName, Calls, SendRequest } from '../engine-api/calls.ts';
import type { Frame } from '../engine-api/frame.ts';
import { LEAVING_CHANNEL, WIRE_VERSION } from '../engine-api/wire.ts';
import type { FromEngine, NoticedAlert, ToEngine } from '../engine-api/wire.ts';
import type { Command } from '../model/command.ts';
import { FrameQueue } from './frame-queue.ts';
import { PendingCalls } from './pending-calls.ts';

/** Where the engine's messages go. */
export interface EngineSinks {
  frame(frame: Frame): void;
  notice(text: string, alert: NoticedAlert | undefined): void;
  /** The page was hidden and is seen again: samples of that time crossed to nobody. */
  shownAgain(): void;
  /** Nothing more will come; one sentence says why and what to do. */
  ended(reason: string): void;
}

/** The page's one client of the engine: typed calls by id, and frames drawn by credit. */
export class EngineClient {
  #worker: Worker;
  #sinks: EngineSinks;
  #pending = new PendingCalls();
  #ended: Error | undefined;
  #frames: FrameQueue;

  constructor(worker: Worker, sinks: EngineSinks) {
    this.#worker = worker;
    this.#sinks = sinks;
    worker.addEventListener('message', (event: MessageEvent<FromEngine>) => this.#receive(event.data));
    worker.addEventListener('error', (event) => {
      this.#end(
        `The engine of this page stopped: ${event.message || 'it could not start'}. Reload the page.`,
      );
    });
    this.#frames = new FrameQueue(
      {
        credit: (page) => this.#post({ type: 'credit', v: WIRE_VERSION, page }),
        beforeDrawing: (draw) => requestAnimationFrame(draw),
        apply: (frame) => sinks.frame(frame),
      },
      document.hidden,
    );
    // A page that is kept to come back to stands still: another tab has to do its work meanwhile.
    addEventListener('pagehide', () => {
      this.#post({ type: 'life', v: WIRE_VERSION, page: 'away' });
      const everyTab = new BroadcastChannel(LEAVING_CHANNEL);
      everyTab.postMessage(WIRE_VERSION);
      everyTab.close();
    });
    addEventListener('pageshow', (event) => {
      if (event.persisted) this.#post({ type: 'life', v: WIRE_VERSION, page: 'back' });
    });
    document.addEventListener('visibilitychange', () => {
      this.#frames.setHidden(document.hidden);
      if (!document.hidden) sinks.shownAgain();
    });
  }

  /** Asks the engine; rejects with an Error of one clear sentence when it refuses. */
  call<Name extends CallName>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return this.#pending.begin((id) => this.#post({ type: 'call', v: WIRE_VERSION, id, name, args }));
  }

  /** Sends a command from a form's draft: here and in `sendMany` reactive state becomes plain data. */
  send(draft: SendRequest): Promise<Command> {
    return this.call('send', $state.snapshot(draft) as SendRequest);
  }

  /** The same command, or one for each, to many; answers with the id of the batch. */
  sendMany(draft: BatchRequest): Promise<string> {
    return this.call('sendMany', $state.snapshot(draft) as BatchRequest);
  }

  #post(message: ToEngine): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromEngine): void {
    if (message.v !== WIRE_VERSION) {
      this.#end('Another version of Telltale has taken over in this browser. Reload the page.');
      return;
    }
    if (message.type === 'frame') this.#frames.receive(message.frame);
    else if (message.type === 'notice') this.#sinks.notice(message.text, message.alert);
    else if (message.ok) this.#pending.answer(message.id, message.value);
    else this.#pending.fail(message.id, new Error(message.error));
  }

  #end(reason: string): void {
    this.#ended = new Error(reason);
    this.#pending.failAll(this.#ended);
    this.#sinks.ended(reason);
  }
}
