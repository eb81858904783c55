import { setTimeout as delay } from 'node:timers/promises';
import { startBenchMosquitto, type BenchMosquitto } from '../brokers/bench-mosquitto.ts';
import { until } from '../cdp.ts';
import type { Lab } from '../lab.ts';
import { LoadSource } from '../load-source.ts';
import { deviceId } from '../readings.ts';
import { short, type FigureResult } from '../result.ts';
import { median, spread } from '../statistics.ts';

const DEVICES = 10_000;
/** A round takes two seconds, and rounds differ by a fifth. */
const ROUNDS = 7;

/** Runs in the app's worker before its own code: says when the first SUBSCRIBE goes out. */
const TELL_WHEN_ASKED = `{
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset) : new Uint8Array(data);
    if (bytes[0] === 0x82) {
      new BroadcastChannel('bench-asked').postMessage(performance.timeOrigin + performance.now());
      WebSocket.prototype.send = send;
    }
    send.call(this, data);
  };
}
`;

/** From SUBSCRIBE until every one of ten thousand retained statuses is counted: on the Fleet page, and by a bare worker. */
export async function snapshot(lab: Lab): Promise<FigureResult> {
  const broker = await startBenchMosquitto();
  const source = await LoadSource.publisher(broker.port, {
    ...broker.credential('fleet'),
    clientId: 'fleet',
  });
  const [ours, bare]: [number[], number[]] = [[], []];
  try {
    await source.say(
      Array.from({ length: DEVICES }, (_, i) => ({
        topic: `devices/${deviceId(i)}/status`,
        payload: '{"online":true}',
        retain: true,
        id: i + 1,
      })),
    );
    await delay(1500);
    for (let round = 1; round <= ROUNDS; round++) {
      bare.push(await bareRound(lab, broker));
      ours.push(await appRound(lab, broker));
      lab.log(`  ${round}: ${short(ours.at(-1) ?? 0)} ms, only counted ${short(bare.at(-1) ?? 0)} ms`);
    }
  } finally {
    await source.end();
    await broker.stop();
  }
  const value = spread(ours.map((ms, i) => ms / (bare[i] ?? Number.NaN)));
  return {
    raw: { ours, bare },
    rows: [
      {
        figure: `retained snapshot of ${short(DEVICES)} devices on the Fleet page / only counted in a worker`,
        ours: `${short(median(ours))} ms`,
        other: `${short(median(bare))} ms`,
        value,
        goal: '<= 2',
        met: value.median <= 2,
      },
    ],
  };
}

async function bareRound(lab: Lab, broker: BenchMosquitto): Promise<number> {
  const tab = await lab.chromium.open(
    lab.server.peer('worker-page', {
      worker: 'snapshot-worker',
      url: broker.ws,
      signIn: { ...broker.credential('viewer'), clientId: 'bench-snapshot' },
      filters: ['devices/+/status'],
      qos: 1,
      expected: DEVICES,
    }),
  );
  await until(tab, 'globalThis.bench?.ready', `${DEVICES} retained messages`);
  const ms = await tab.evaluate<number>('bench.read().received');
  await tab.close();
  return ms;
}

async function appRound(lab: Lab, broker: BenchMosquitto): Promise<number> {
  const { username, password } = broker.credential('viewer');
  const url = lab.server.app({
    profile: { name: 'bench', kind: 'mosquitto', urls: [broker.ws], root: 'devices' },
    prelude: TELL_WHEN_ASKED,
  });
  const tab = await lab.chromium.open(url);
  await until(tab, `globalThis.bench && document.querySelector('#sign-in-broker')`, 'The sign-in form');
  const [name, user, secret] = ['bench', username, password].map((text) => JSON.stringify(text));
  const ms = await tab.evaluate<number>(
    `(bench.signIn(${name}, ${user}, ${secret}), bench.countDevices(${DEVICES}))`,
  );
  await tab.close();
  return ms;
}
