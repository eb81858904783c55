/** Where packets go: a TCP connection to a broker, or the WebSocket frames of the packing broker. */
export interface Sink {
  /** How many packets one `send` carries in a flood. */
  readonly batch: number;
  /** `taken` is called when the operating system has the bytes. */
  send(packets: readonly Uint8Array[], taken: () => void): void;
}
