/** One event of the stream. */
export interface LoggedEvent {
  readonly number: number;
  readonly deviceId: string;
  readonly text: string;
}

/** The last events, for those who come back with a Last-Event-ID. Ids are of this process: another one knows none of them. */
export class EventLog {
  readonly #epoch = Date.now().toString(36);
  readonly #size: number;
  readonly #events: LoggedEvent[] = [];
  #count = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Answers with the event as it goes over the wire. */
  add(event: string, deviceId: string, data: unknown): string {
    const number = this.#count++;
    const text = `event: ${event}\nid: ${this.#epoch}-${number}\ndata: ${JSON.stringify({ deviceId, data })}\n\n`;
    this.#events[number % this.#size] = { number, deviceId, text };
    return text;
  }

  /** What came after `lastEventId`, as far as it is still kept; nothing for an id of another process. */
  since(lastEventId: string, deviceIds: ReadonlySet<string>): string {
    const [epoch, number] = lastEventId.split('-');
    if (epoch !== this.#epoch) return '';
    const from = Math.max(Number(number) + 1, this.#count - this.#size);
    let text = '';
    for (let i = from; i < this.#count; i++) {
      const event = this.#events[i % this.#size];
      if (event && deviceIds.has(event.deviceId)) text += event.text;
    }
    return text;
  }
}
