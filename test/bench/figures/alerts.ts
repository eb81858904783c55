import { setTimeout as delay } from 'node:timers/promises';
import type { AlertRule, Condition } from '../../../src/model/alert/rule.ts';
import { startBenchMosquitto } from '../brokers/bench-mosquitto.ts';
import { appConsumer, firstReadings, type Consumer, type Reach } from '../consumers.ts';
import { floodInRounds, ratios } from '../flood-rounds.ts';
import type { Lab } from '../lab.ts';
import { LoadSource } from '../load-source.ts';
import { short, type FigureResult } from '../result.ts';
import type { PaceWish } from '../source-messages.ts';
import { median, percentile, spread } from '../statistics.ts';

const DEVICES = 1000;
const WARM_MS = 3000;
const PROBE = 'a-probe';
const PROBES = 40;
const CHANNELS = ['ambient_temperature_celsius', 'relative_humidity_percent'] as const;
const READINGS = { devices: DEVICES, shape: { kind: 'long' }, interval: 10_000 } as const;

const WISH: PaceWish = {
  readings: READINGS,
  perSecond: 5000,
  probe: { topic: `devices/${PROBE}/telemetry`, every: 101 },
};

function rule(id: string, on: Condition, seconds = 0): AlertRule {
  return { id, name: id, severity: 'warning', on, for: seconds, scope: { of: 'all' }, enabled: true };
}

/**
 * Two hundred rules over all devices, so 200,000 at work. Values walk between 20 and 40: most rules are never broken, 20
 * are by about every hundredth device (four of them by noise that goes on and off, without hysteresis), 30 remember how fast a value moves, 20 wait for silence.
 */
function rules(): AlertRule[] {
  return Array.from({ length: 200 }, (_, i) => {
    const channel = CHANNELS[i % 2]!;
    if (i < 50) return rule(`above-${i}`, { when: 'above', channel, value: 60 + i, hysteresis: 1 });
    if (i < 90) return rule(`below-${i}`, { when: 'below', channel, value: -i }, 30);
    if (i < 130) return rule(`outside-${i}`, { when: 'outside', channel, low: -i, high: 100 + i });
    if (i < 150) {
      const on = { when: 'above', channel, value: 39.8, hysteresis: i < 146 ? 1 : 0 } as const;
      return rule(`some-${i}`, on, i % 4 === 0 ? 5 : 0);
    }
    if (i < 180) return rule(`rate-${i}`, { when: 'rate', channel, direction: 'either', by: 20, within: 60 });
    return rule(`silent-${i}`, { when: 'no-data', channel, seconds: 600 });
  });
}

/** Each is broken by one probe. */
function probeRules(): AlertRule[] {
  return Array.from({ length: PROBES }, (_, i) =>
    rule(`probe-${i + 1}`, { when: 'equals', channel: 'seq', value: i + 1 }),
  );
}

/** What two hundred rules over a thousand devices cost, and how long it takes from a sample to its alert. */
export async function alerts(lab: Lab): Promise<FigureResult> {
  const broker = await startBenchMosquitto();
  const source = await LoadSource.publisher(broker.port, {
    ...broker.credential('fleet'),
    clientId: 'fleet',
  });
  const reach: Reach = {
    profile: { name: 'bench', kind: 'mosquitto', urls: [broker.ws], root: 'devices' },
    credential: broker.credential('viewer'),
  };
  const bare = appConsumer(lab, reach, () => source.say(firstReadings(DEVICES)), DEVICES);
  const withRules = (name: string, set: readonly AlertRule[]): Consumer => ({
    name,
    open: async () => {
      const tab = await bare.open();
      await tab.evaluate(`bench.call('setRules', ${JSON.stringify(set)})`);
      return tab;
    },
  });
  try {
    const consumers = [{ ...bare, name: 'no rules' }, withRules('200 rules', rules())];
    const wish = { readings: READINGS, outstanding: 8000 };
    const rounds = lab.quick ? 2 : lab.rounds;
    const runs = await floodInRounds({ ...lab, rounds }, { consumers, source, wish });
    const waits: number[][] = [];
    for (let round = 1; round <= (lab.quick ? 1 : lab.rounds); round++) {
      const tab = await withRules('', [...rules(), ...probeRules()]).open();
      // A thousand devices are met, and what breaks a rule from the first has been told.
      source.pace({ ...WISH, probe: undefined });
      await delay(WARM_MS);
      await source.halt();
      source.pace(WISH);
      await delay(WISH.probe!.every * (PROBES + 2));
      await source.halt();
      await delay(500);
      const found = await tab.evaluate<[rule: string, ms: number][]>('bench.alerts()');
      await tab.close();
      const mine = found.filter(([id]) => id.startsWith('own:probe-')).map(([, ms]) => ms);
      if (mine.length !== PROBES)
        throw new Error(`${PROBES} probes were sent and ${mine.length} raised an alert.`);
      lab.log(`  ${round}: sample to alert: p50 ${short(median(mine))} ms, longest ${Math.max(...mine)} ms`);
      waits.push(mine);
    }
    const rate = (name: string) => median((runs.get(name) ?? []).map((run) => run.messagesPerSecond));
    const cpu = (name: string) => median((runs.get(name) ?? []).map((run) => run.cpuPerMessage));
    const toBare = ratios(runs, '200 rules', 'no rules', (run) => run.messagesPerSecond);
    const cpuToBare = ratios(runs, '200 rules', 'no rules', (run) => run.cpuPerMessage);
    const longest = spread(waits.map((round) => Math.max(...round)));
    return {
      raw: { floods: Object.fromEntries(runs), waits },
      rows: [
        {
          figure: 'full pipeline with 200 rules x 1,000 devices / without rules (Mosquitto)',
          ours: `${short(rate('200 rules'))} msg/s`,
          other: `${short(rate('no rules'))} msg/s`,
          value: toBare,
          goal: '>= 0.90',
          met: toBare.median >= 0.9,
        },
        {
          figure: 'renderer CPU for a message with 200 rules / without',
          ours: `${short(cpu('200 rules'))} µs/msg`,
          other: `${short(cpu('no rules'))} µs/msg`,
          value: cpuToBare,
          goal: '<= 1.1',
          met: cpuToBare.median <= 1.1,
        },
        {
          figure: 'arrival of a sample to its alert on the page, 200 rules, 5,000 msg/s, longest of 40 (ms)',
          ours: `p50 ${short(percentile(waits.flat(), 0.5))} ms`,
          other: '-',
          value: longest,
          goal: '<= 100',
          met: longest.max <= 100,
        },
      ],
    };
  } finally {
    await source.end();
    await broker.stop();
  }
}
