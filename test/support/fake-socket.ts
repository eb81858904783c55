import type { Socket, SocketEvent } from '../../src/engine/connection/socket.ts';

/** A WebSocket whose other end is the test. */
export class FakeSocket implements Socket {
  binaryType = 'blob';
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  #listeners: { readonly type: string; readonly listener: (event: SocketEvent) => void }[] = [];

  addEventListener(type: string, listener: (event: SocketEvent) => void): void {
    this.#listeners.push({ type, listener });
  }

  send(data: ArrayBufferView<ArrayBuffer> | ArrayBuffer): void {
    this.sent.push(
      data instanceof ArrayBuffer
        ? new Uint8Array(data)
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
  }

  close(): void {
    this.readyState = 2;
  }

  emit(type: string, event: SocketEvent = {}): void {
    for (const each of this.#listeners) if (each.type === type) each.listener(event);
  }

  /** One frame from the broker. */
  frame(bytes: Uint8Array | readonly number[]): void {
    this.emit('message', { data: new Uint8Array(bytes).buffer });
  }
}
