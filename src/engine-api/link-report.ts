/** What went one way over the sockets of a home since it was opened. Only grows. */
export interface Flow {
  /** PUBLISH packets. */
  readonly messages: number;
  /** Bytes of their payloads. */
  readonly payload: number;
  /** Bytes of all MQTT packets, payloads included. */
  readonly mqtt: number;
  /** WebSocket frames, as far as the browser shows them: one for each message event and each send. */
  readonly frames: number;
  /** Bytes of those frames' own headers (RFC 6455, section 5.2), as if each were sent whole and uncompressed. */
  readonly framing: number;
}

/** Something that went wrong between this page and the broker. Times are epoch ms. */
export interface LinkError {
  readonly what: 'link' | 'subscription' | 'command';
  /** One sentence. */
  readonly text: string;
  /** What the other end said in its own terms: a packet with its reason code and the code's name, or a close code. */
  readonly said?: string;
  readonly at: number;
  readonly lastAt: number;
  /** How often it happened in a row. */
  readonly count: number;
}

/** What the Connection page asks for while somebody looks at it. */
export interface LinkReport {
  /** When it was made, in ms since some fixed moment: rates are differences of two reports. */
  readonly at: number;
  /** When bytes last came from the broker, epoch ms. */
  readonly heardAt?: number;
  readonly in: Flow;
  readonly out: Flow;
  /** The last ones, newest first. */
  readonly errors: readonly LinkError[];
}
