// The bare page: mqtt.js on the main thread, and each value written as text the moment it comes.
import mqtt from 'mqtt';
import { benchPage, parameters } from '../page/bench-page.ts';
import { watchPixels, type Shown } from '../page/pixel-watch.ts';
import type { Subscriber } from '../page/raw-socket.ts';

const { url, signIn, filters, qos } = parameters<Subscriber>();
/** The elements of each device's values, by channel. */
const devices = new Map<string, Map<string, HTMLElement>>();
let count = 0;

function elementOf(device: string, channel: string): HTMLElement {
  const channels = devices.get(device) ?? new Map<string, HTMLElement>();
  devices.set(device, channels);
  let element = channels.get(channel);
  if (element === undefined) {
    element = document.createElement('div');
    // As the app's cards: a change of one lays out nothing else.
    element.style.cssText = 'contain:strict;height:20px';
    element.dataset['value'] = `${device}/${channel}`;
    channels.set(channel, element);
    document.body[device === 'a-probe' ? 'prepend' : 'append'](element);
  }
  return element;
}

const client = mqtt.connect(url, { ...signIn, protocolVersion: 4, clean: true, reconnectPeriod: 0 });
client.on('connect', () => {
  client.subscribe([...filters], { qos }, () => (benchPage['ready'] = true));
});
client.on('message', (topic, payload) => {
  benchPage.counted(++count);
  const device = topic.split('/')[1] ?? '';
  for (const [channel, value] of Object.entries(JSON.parse(payload.toString()) as object)) {
    elementOf(device, channel).textContent = String(value);
  }
});

let shown: readonly Shown[] = [];
benchPage['watchPixels'] = (selector: string) => {
  const element = document.querySelector(selector);
  if (element === null) throw new Error(`Nothing on the page is ${selector}.`);
  shown = watchPixels(element);
};
benchPage['shown'] = () => shown;
