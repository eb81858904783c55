import type { SendCommand, TransportEvents, TransportWish } from './transport.ts';

const RETRY_MS = 1000;

interface FromBridge {
  readonly type?: 'subscribed' | 'ack';
  readonly deviceId: string;
  readonly data: unknown;
}

/** To the Node bridge over WebSocket; reconnects and subscribes again by itself. */
export function connectWsBridge(wish: TransportWish, events: TransportEvents): SendCommand {
  let socket: WebSocket;
  const open = (): void => {
    socket = new WebSocket(wish.url);
    socket.onopen = () => socket.send(JSON.stringify({ type: 'subscribe', deviceId: wish.devices }));
    socket.onclose = () => setTimeout(open, RETRY_MS);
    socket.onmessage = (event: MessageEvent<string>) => {
      const { type, deviceId, data } = JSON.parse(event.data) as FromBridge;
      if (type === 'subscribed') events.ready();
      else if (type === 'ack') events.ack(deviceId, data);
      else events.telemetry(deviceId, data);
    };
  };
  open();
  return (deviceId, payload) => socket.send(JSON.stringify({ type: 'command', deviceId, payload }));
}
