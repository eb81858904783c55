// The bare page for commands: mqtt.js on the main thread, a button that publishes, and the answer written as text.
import mqtt from 'mqtt';
import { benchPage, parameters } from '../page/bench-page.ts';
import { clickToDone } from '../page/click-to-done.ts';
import type { Subscriber } from '../page/raw-socket.ts';

const { url, signIn, filters } = parameters<Subscriber>();
const TOPIC = 'devices/a-probe/cmd';

const button = document.createElement('button');
const list = document.createElement('div');
document.body.append(button, list);

const client = mqtt.connect(url, { ...signIn, protocolVersion: 5, clean: true, reconnectPeriod: 0 });
client.on('connect', () => {
  client.subscribe([...filters], { qos: 1 }, () => (benchPage['ready'] = true));
});
client.on('message', (_topic, payload) => {
  const { id } = JSON.parse(payload.toString()) as { id: string };
  const line = document.querySelector<HTMLElement>(`[data-command="${id}"]`);
  if (line) line.dataset['outcome'] = 'done';
});
button.onclick = () => {
  const line = document.createElement('p');
  const id = crypto.randomUUID().slice(0, 22);
  line.dataset['command'] = id;
  list.prepend(line);
  client.publish(TOPIC, JSON.stringify({ id, name: 'go', args: {} }), { qos: 1 });
};
benchPage['clickToDone'] = () => clickToDone(button);
