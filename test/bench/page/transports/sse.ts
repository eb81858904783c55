import type { SendCommand, TransportEvents, TransportWish } from './transport.ts';

interface Data {
  readonly deviceId: string;
  readonly data: unknown;
}

/** To the SSE endpoint; EventSource reconnects by itself and says which event it saw last. */
export function connectSse(wish: TransportWish, events: TransportEvents): SendCommand {
  const url = new URL(wish.url);
  for (const id of wish.devices) url.searchParams.append('deviceId', id);
  const source = new EventSource(url);
  const listen = (type: string, take: (data: Data) => void) =>
    source.addEventListener(type, (event: MessageEvent<string>) => take(JSON.parse(event.data) as Data));
  source.addEventListener('subscribed', () => events.ready());
  listen('telemetry', ({ deviceId, data }) => events.telemetry(deviceId, data));
  listen('ack', ({ deviceId, data }) => events.ack(deviceId, data));
  return (deviceId, payload) =>
    void fetch(`${wish.url}?deviceId=${deviceId}`, { method: 'POST', body: JSON.stringify(payload) });
}
