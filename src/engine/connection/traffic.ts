import type { Flow } from '../../engine-api/link-report.ts';

/** What went one way. Plain numbers, since it is counted for every message: see {@link Flow}. */
export class FlowCount implements Flow {
  messages = 0;
  payload = 0;
  mqtt = 0;
  frames = 0;
  framing = 0;
  /** Bytes of the mask that a client has to put in front of what it sends [RFC 6455, section 5.3]. */
  readonly #mask: number;

  constructor(mask: 0 | 4) {
    this.#mask = mask;
  }

  /** A frame of `bytes` of MQTT. */
  frame(bytes: number): void {
    this.frames++;
    this.mqtt += bytes;
    this.framing += (bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10) + this.#mask;
  }

  get total(): Flow {
    const { messages, payload, mqtt, frames, framing } = this;
    return { messages, payload, mqtt, frames, framing };
  }
}

/** What went over the sockets of one home. */
export class Traffic {
  readonly in = new FlowCount(0);
  readonly out = new FlowCount(4);
}
