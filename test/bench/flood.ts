import type { Sink } from './sink.ts';
import type { FloodWish } from './source-messages.ts';
import { publishPacket } from './mqtt-packets.ts';
import { ReadingMaker } from './readings.ts';

/** Messages that go round in a flood without an end. */
const STOCK = 32_000;
/** Writes that the operating system has not taken yet. */
const MAX_WRITES = 16;

/** The closed loop: what is sent and not yet counted by the consumer is bounded, so nobody's queue can hide a backlog. */
export class Flood {
  readonly #sink: Sink;
  readonly #outstanding: number;
  readonly #limit: number;
  readonly #next: () => Uint8Array;
  #sent = 0;
  #counted = 0;
  #writes = 0;
  #halted = false;

  constructor(sink: Sink, { readings, outstanding, limit }: FloodWish) {
    this.#sink = sink;
    this.#outstanding = outstanding;
    this.#limit = limit ?? Infinity;
    const maker = new ReadingMaker(readings);
    if (limit !== undefined) this.#next = () => publishPacket(maker.next());
    else {
      // Made beforehand, so that the publisher is never what limits.
      const stock = Array.from({ length: STOCK }, () => publishPacket(maker.next()));
      this.#next = () => stock[this.#sent % STOCK] as Uint8Array;
    }
    this.#pump();
  }

  get sent(): number {
    return this.#sent;
  }

  counted(count: number): void {
    this.#counted = count;
    this.#pump();
  }

  halt(): void {
    this.#halted = true;
  }

  #pump(): void {
    while (!this.#halted && this.#writes < MAX_WRITES && this.#sent < this.#limit) {
      const room = Math.min(this.#counted + this.#outstanding, this.#limit) - this.#sent;
      const wanted = Math.min(this.#sink.batch, this.#limit - this.#sent);
      if (room < wanted) return;
      const packets: Uint8Array[] = [];
      for (let i = 0; i < wanted; i++) {
        packets.push(this.#next());
        this.#sent++;
      }
      this.#writes++;
      this.#sink.send(packets, () => {
        this.#writes--;
        this.#pump();
      });
    }
  }
}
