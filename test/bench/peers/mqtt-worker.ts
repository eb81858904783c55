// The peer: mqtt.js as it comes, in a worker, with a handler that only counts.
import mqtt from 'mqtt';
import type { Subscriber } from '../page/raw-socket.ts';
import { reportCounts } from '../page/report-counts.ts';

let count = 0;
addEventListener('message', (event: MessageEvent<Subscriber>) => {
  const { url, signIn, filters, qos } = event.data;
  // 3.1.1: without the property parsing of version 5 it is the faster of the two.
  const client = mqtt.connect(url, { ...signIn, protocolVersion: 4, clean: true, reconnectPeriod: 0 });
  client.on('message', () => count++);
  client.on('connect', () => {
    client.subscribe([...filters], { qos }, () => reportCounts(() => count));
  });
});
