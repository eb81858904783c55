/** The part of a WebSocket that the link uses; the browser's, or `ws` under Node. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(
    type: 'open' | 'close' | 'error' | 'message',
    listener: (event: SocketEvent) => void,
  ): void;
  send(data: ArrayBufferView<ArrayBuffer> | ArrayBuffer): void;
  close(): void;
}

/** What the listeners above read of the event they get. */
export interface SocketEvent {
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
}

export type OpenSocket = (url: string, subprotocols: string[]) => Socket;

/** What the WebSocket itself said when it closed; mqtt.js does not pass it on (RabbitMQ and NATS hide the cause here). */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}
