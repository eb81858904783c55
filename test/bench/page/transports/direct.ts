import mqtt from 'mqtt';
import type { SendCommand, TransportEvents, TransportWish } from './transport.ts';

const RETRY_MS = 1000;

/** Straight to the broker with mqtt.js on the page. */
export function connectDirect(wish: TransportWish, events: TransportEvents): SendCommand {
  const { url, signIn, devices, keepSession = false } = wish;
  const client = mqtt.connect(url, {
    ...signIn,
    protocolVersion: 4,
    clean: !keepSession,
    reconnectPeriod: RETRY_MS,
    resubscribe: false,
  });
  client.on('connect', () => {
    const telemetry = devices.map((id) => `devices/${id}/telemetry`);
    client.subscribe(telemetry, { qos: keepSession ? 1 : 0 });
    client.subscribe('devices/+/ack', { qos: 1 }, () => events.ready());
  });
  client.on('message', (topic, payload) => {
    const [, id = '', leaf] = topic.split('/');
    const data: unknown = JSON.parse(payload.toString());
    if (leaf === 'ack') events.ack(id, data);
    else events.telemetry(id, data);
  });
  return (id, payload) => client.publish(`devices/${id}/cmd`, JSON.stringify(payload), { qos: 1 });
}
