import { startBenchMosquitto } from '../brokers/bench-mosquitto.ts';
import { appConsumer, firstReadings, peerConsumer, type Reach } from '../consumers.ts';
import { floodInRounds, ratios } from '../flood-rounds.ts';
import type { Lab } from '../lab.ts';
import { LoadSource } from '../load-source.ts';
import { short, type FigureResult } from '../result.ts';
import { median, spread } from '../statistics.ts';

const DEVICES = 1000;

/** As much telemetry as each consumer takes from a real Mosquitto, which sends one packet in each frame. */
export async function ingest(lab: Lab): Promise<FigureResult> {
  const broker = await startBenchMosquitto();
  const source = await LoadSource.publisher(broker.port, {
    ...broker.credential('fleet'),
    clientId: 'fleet',
  });
  try {
    const reach: Reach = {
      profile: { name: 'bench', kind: 'mosquitto', urls: [broker.ws], root: 'devices' },
      credential: broker.credential('viewer'),
    };
    const runs = await floodInRounds(lab, {
      consumers: [
        peerConsumer(lab, reach, 'raw frames, main thread', 'raw-main', {}),
        peerConsumer(lab, reach, 'mqtt.js no-op, worker', 'worker-page', { worker: 'mqtt-worker' }),
        appConsumer(lab, reach, () => source.say(firstReadings(DEVICES)), DEVICES),
      ],
      source,
      wish: {
        readings: { devices: DEVICES, shape: { kind: 'long' }, interval: 10_000 },
        outstanding: 8000,
      },
    });

    const rate = (name: string) => median((runs.get(name) ?? []).map((run) => run.messagesPerSecond));
    const cpu = (name: string) => median((runs.get(name) ?? []).map((run) => run.cpuPerMessage));
    const perSecond = (name: string) => `${short(rate(name))} msg/s`;
    const perMessage = (name: string) => `${short(cpu(name))} µs/msg`;
    const toRaw = ratios(runs, 'Telltale', 'raw frames, main thread', (run) => run.messagesPerSecond);
    const toMqtt = ratios(runs, 'Telltale', 'mqtt.js no-op, worker', (run) => run.messagesPerSecond);
    const cpuToRaw = ratios(runs, 'Telltale', 'raw frames, main thread', (run) => run.cpuPerMessage);
    const ours = runs.get('Telltale') ?? [];
    const fps = spread(ours.map((run) => run.fps));
    const long = ours.flatMap((run) => run.longTasks);
    return {
      raw: Object.fromEntries(runs),
      rows: [
        {
          figure: 'full pipeline / raw frames counted on the main thread (Mosquitto)',
          ours: perSecond('Telltale'),
          other: perSecond('raw frames, main thread'),
          value: toRaw,
          goal: '>= 0.90',
          met: toRaw.median >= 0.9,
        },
        {
          figure: 'full pipeline / mqtt.js no-op in a worker (Mosquitto)',
          ours: perSecond('Telltale'),
          other: perSecond('mqtt.js no-op, worker'),
          value: toMqtt,
          goal: '>= 1.0',
          met: toMqtt.median >= 1,
        },
        {
          figure: 'page fps while saturated',
          ours: `${short(fps.median)} fps`,
          other: 'display: 60',
          value: fps,
          goal: '60',
          met: fps.median >= 59,
        },
        {
          figure: 'tasks over 50 ms while saturated, each round',
          ours: long.length === 0 ? 'none' : `longest ${short(Math.max(...long))} ms`,
          other: '-',
          value: spread(ours.map((run) => run.longTasks.length)),
          goal: '0',
          met: long.length === 0,
        },
        {
          figure: 'renderer CPU for a message / that of raw counting',
          ours: perMessage('Telltale'),
          other: perMessage('raw frames, main thread'),
          value: cpuToRaw,
          goal: '<= 1.2',
          met: cpuToRaw.median <= 1.2,
        },
      ],
    };
  } finally {
    await source.end();
    await broker.stop();
  }
}
