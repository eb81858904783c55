import { startNats } from '../brokers/nats.ts';
import { appConsumer, firstReadings, peerConsumer, type Reach } from '../consumers.ts';
import { floodInRounds, ratios } from '../flood-rounds.ts';
import type { Lab } from '../lab.ts';
import { LoadSource } from '../load-source.ts';
import type { FloodRun } from '../measure-flood.ts';
import { short, type FigureResult, type Row } from '../result.ts';
import { median } from '../statistics.ts';

const DEVICES = 1000;
const PACKETS_A_FRAME = 10;
const STOCK = 'mqtt.js no-op, worker';
const COUNTED = 'packets cut and counted, worker';

/** As much telemetry as each consumer takes where a frame carries many packets: from a real NATS, and ten in each. */
export async function packed(lab: Lab): Promise<FigureResult> {
  const nats = await fromNats(lab);
  const ten = await fromPackingBroker(lab);
  return {
    rows: [...rows('real NATS', nats), ...rows(`synthetic, ${PACKETS_A_FRAME} packets a frame`, ten)],
    raw: { nats: Object.fromEntries(nats), ten: Object.fromEntries(ten) },
  };
}

type Runs = ReadonlyMap<string, readonly FloodRun[]>;

async function fromNats(lab: Lab): Promise<Runs> {
  const nats = await startNats();
  const source = await LoadSource.publisher(nats.port, { ...nats.credential, clientId: 'fleet' });
  try {
    const { credential } = nats;
    const profile = { name: 'bench', kind: 'nats', urls: [nats.ws], root: 'devices', protocol: 4 } as const;
    return await flood(lab, source, { profile, credential });
  } finally {
    await source.end();
    await nats.stop();
  }
}

async function fromPackingBroker(lab: Lab): Promise<Runs> {
  const { source, url } = await LoadSource.packingBroker(PACKETS_A_FRAME);
  try {
    const profile = { name: 'bench', kind: 'other', urls: [url], root: 'devices', protocol: 4 } as const;
    return await flood(lab, source, { profile, credential: { username: 'bench', password: 'bench' } });
  } finally {
    await source.end();
  }
}

function flood(lab: Lab, source: LoadSource, reach: Reach): Promise<Runs> {
  // They differ by factors, so one round tells as much as three where time is short.
  return floodInRounds(
    { ...lab, rounds: Math.min(lab.rounds, lab.quick ? 1 : 5) },
    {
      consumers: [
        peerConsumer(lab, reach, STOCK, 'worker-page', { worker: 'mqtt-worker' }),
        peerConsumer(lab, reach, COUNTED, 'worker-page', { worker: 'cut-worker' }),
        appConsumer(lab, reach, () => source.say(firstReadings(DEVICES)), DEVICES),
      ],
      source,
      wish: {
        readings: { devices: DEVICES, shape: { kind: 'long' }, interval: 10_000 },
        outstanding: 30_000,
      },
    },
  );
}

function rows(where: string, runs: Runs): Row[] {
  const rate = (run: FloodRun) => run.messagesPerSecond;
  const toStock = ratios(runs, 'Telltale', STOCK, rate);
  const toCounted = ratios(runs, 'Telltale', COUNTED, rate);
  const told = (name: string) => `${short(median((runs.get(name) ?? []).map(rate)))} msg/s`;
  return [
    {
      figure: `full pipeline / stock mqtt.js no-op in a worker, many packets a frame (${where})`,
      ours: told('Telltale'),
      other: told(STOCK),
      value: toStock,
      goal: '>= 10',
      met: toStock.median >= 10,
    },
    {
      figure: `full pipeline / packets only cut and counted in a worker, many packets a frame (${where})`,
      ours: told('Telltale'),
      other: told(COUNTED),
      value: toCounted,
      // What no pipeline can pass: it says how much of it the first figure could be at most.
      goal: 'the ceiling: 1',
      met: true,
    },
  ];
}
