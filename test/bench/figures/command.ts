import { connectAsync } from 'mqtt';
import { openApp } from '../app-page.ts';
import { startBenchMosquitto } from '../brokers/bench-mosquitto.ts';
import { until, type Tab } from '../cdp.ts';
import type { Lab } from '../lab.ts';
import { short, type FigureResult } from '../result.ts';
import { percentile, spread } from '../statistics.ts';

const DEVICE = 'a-probe';
const META = { commands: [{ name: 'go', title: 'Go' }] };
const FRAME_MS = 1000 / 60;

/** From the click on "Send" to "done" on the screen, by a device that answers at once, beside a bare mqtt.js page. */
export async function command(lab: Lab): Promise<FigureResult> {
  const broker = await startBenchMosquitto();
  const device = await connectAsync(broker.mqtt, {
    ...broker.credential('responder'),
    clientId: 'responder',
  });
  device.on('message', (topic, payload) => {
    const { id } = JSON.parse(payload.toString()) as { id: string };
    device.publish(topic.replace(/cmd$/, 'ack'), JSON.stringify({ id, ok: true }), { qos: 1 });
  });
  await device.subscribeAsync('devices/+/cmd', { qos: 1 });
  const fleet = await connectAsync(broker.mqtt, { ...broker.credential('fleet'), clientId: 'fleet' });
  await fleet.publishAsync(`devices/${DEVICE}/meta`, JSON.stringify(META), { qos: 1, retain: true });
  await fleet.publishAsync(`devices/${DEVICE}/status`, '{"online":true}', { qos: 1, retain: true });
  const credential = broker.credential('operator');

  const openBare = async (): Promise<Tab> => {
    const signIn = { ...credential, clientId: 'bench-command' };
    const subscriber = { url: broker.ws, signIn, filters: ['devices/+/ack'], qos: 1 };
    const tab = await lab.chromium.open(lab.server.peer('command-page', subscriber));
    await until(tab, 'globalThis.bench?.ready', 'The subscription of the bare page');
    return tab;
  };
  const openOurs = async (): Promise<Tab> => {
    const profile = { name: 'bench', kind: 'mosquitto' as const, urls: [broker.ws], root: 'devices' };
    const { tab } = await openApp(lab.chromium, lab.server.app({ profile }), profile.name, credential);
    await tab.evaluate(`location.hash = '#/device/${DEVICE}'`);
    await until(
      tab,
      `document.querySelector('[data-command-form="go"] button.main')`,
      'The form of the command',
    );
    return tab;
  };
  const rounds = new Map<string, number[][]>([
    ['bare page', []],
    ['Telltale', []],
  ]);
  try {
    for (let round = 1; round <= (lab.quick ? 2 : lab.rounds); round++) {
      for (const [name, open] of [
        ['bare page', openBare],
        ['Telltale', openOurs],
      ] as const) {
        const tab = await open();
        const waits: number[] = [];
        for (let i = 0; i < (lab.quick ? 40 : 100); i++) {
          waits.push(await tab.evaluate<number>('bench.clickToDone()'));
        }
        await tab.close();
        rounds.get(name)?.push(waits);
        lab.log(
          `  ${round}: ${name}: p50 ${short(percentile(waits, 0.5))} ms, p95 ${short(percentile(waits, 0.95))} ms`,
        );
      }
    }
  } finally {
    await device.endAsync(true);
    await fleet.endAsync(true);
    await broker.stop();
  }
  const [bare = [], ours = []] = [rounds.get('bare page'), rounds.get('Telltale')];
  const value = spread(ours.map((waits, i) => percentile(waits, 0.5) - percentile(bare[i] ?? [], 0.5)));
  return {
    rows: [
      {
        figure: 'click to "done" on the screen, p50, beyond a bare mqtt.js page (ms)',
        ours: `${short(percentile(ours.flat(), 0.5))} ms`,
        other: `${short(percentile(bare.flat(), 0.5))} ms`,
        value,
        goal: '<= 16.7, one frame',
        met: value.median <= FRAME_MS,
      },
    ],
    raw: Object.fromEntries(rounds),
  };
}
