import { connectPacket, pubackPacket, subscribePacket, type SignIn } from '../mqtt-packets.ts';

/** Which broker, as whom, and what of it. */
export interface Subscriber {
  readonly url: string;
  readonly signIn: SignIn;
  readonly filters: readonly string[];
  readonly qos: 0 | 1;
}

/**
 * Subscribes with nothing but a WebSocket and calls `onFrame` for each frame that carries a message: what a browser can
 * do at most. Frames are taken for one packet each, as Mosquitto sends them; a QoS 1 message is acknowledged.
 */
export function subscribeRaw({ url, signIn, filters, qos }: Subscriber, onFrame: () => void): void {
  const socket = new WebSocket(url, ['mqtt']);
  socket.binaryType = 'arraybuffer';
  const take = (event: MessageEvent<ArrayBuffer>): void => {
    onFrame();
    if (qos === 0) return;
    const bytes = new Uint8Array(event.data);
    if (((bytes[0] ?? 0) & 0b0000_0110) === 0) return;
    const lengthBytes = (bytes[1] ?? 0) < 0x80 ? 1 : 2;
    const topic = 1 + lengthBytes;
    const id = topic + 2 + (((bytes[topic] ?? 0) << 8) | (bytes[topic + 1] ?? 0));
    socket.send(pubackPacket(((bytes[id] ?? 0) << 8) | (bytes[id + 1] ?? 0)));
  };
  socket.onopen = () => socket.send(connectPacket(signIn));
  socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
    const type = (new Uint8Array(event.data)[0] ?? 0) >> 4;
    if (type === 2) {
      socket.send(subscribePacket(1, filters, qos));
      globalThis.dispatchEvent(new Event('asked'));
    } else if (type === 9) {
      socket.onmessage = take;
      globalThis.dispatchEvent(new Event('subscribed'));
      // Mosquitto sends the first retained messages before the SUBACK.
    } else take(event);
  };
}
