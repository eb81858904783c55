import { publishPacket, type Message } from './mqtt-packets.ts';
import { ReadingMaker } from './readings.ts';
import type { Sink } from './sink.ts';
import type { PaceWish, Sent } from './source-messages.ts';

const TICK_MS = 2;

/** The time as pages see it too: epoch ms with fractions. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

/** The open loop: so many messages a second, and a probe every so often with the moment at which it was sent. */
export class Pace {
  readonly #sink: Sink;
  readonly #wish: PaceWish;
  readonly #maker: ReadingMaker;
  readonly #began = performance.now();
  readonly #probes: [number, number][] = [];
  readonly #timer: NodeJS.Timeout;
  #count = 0;

  constructor(sink: Sink, wish: PaceWish) {
    this.#sink = sink;
    this.#wish = wish;
    this.#maker = new ReadingMaker(wish.readings);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  halt(): Sent {
    clearInterval(this.#timer);
    return { count: this.#count + this.#probes.length, probes: this.#probes };
  }

  #tick(): void {
    const elapsed = performance.now() - this.#began;
    const { perSecond, probe } = this.#wish;
    for (; this.#count < (elapsed / 1000) * perSecond; this.#count++) this.#send(this.#maker.next());
    while (probe !== undefined && this.#probes.length < elapsed / probe.every) {
      const seq = this.#probes.length + 1;
      this.#probes.push([seq, preciseNow()]);
      this.#send({ topic: probe.topic, payload: `{"seq":${seq}}`, id: (seq % 0xffff) + 1 });
    }
  }

  #send(message: Message): void {
    this.#sink.send([publishPacket(message)], () => undefined);
  }
}
