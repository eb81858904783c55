import { bridged, direct, throughNats, type Contestant } from '../architectures/contestant.ts';
import { bridgeRestarts, brokerRestart, outage } from '../architectures/interruptions.ts';
import {
  bytesPerReading,
  commandTimes,
  delivery,
  mostPerSecond,
  openPage,
} from '../architectures/measure.ts';
import { startResponder } from '../architectures/responder.ts';
import { architectureTable, type ArchitectureResult } from '../architectures/table.ts';
import { startBenchMosquitto } from '../brokers/bench-mosquitto.ts';
import type { Lab } from '../lab.ts';
import { LoadSource } from '../load-source.ts';
import type { FigureResult } from '../result.ts';
import { percentile } from '../statistics.ts';

/** There is much to measure: each single thing for so long. */
const WINDOW_MS = { quick: 800, full: 3000 };
const QUEUED = 'direct, QoS 1 and a session that waits';

/** Ours, direct, beside the bridges that others put between broker and page: the same work on the same page. */
export async function architectures(lab: Lab): Promise<FigureResult> {
  const broker = await startBenchMosquitto();
  const source = await LoadSource.publisher(broker.port, {
    ...broker.credential('fleet'),
    clientId: 'fleet',
  });
  const endResponder = await startResponder(broker.port, {
    ...broker.credential('responder'),
    clientId: 'responder',
  });
  const operator = broker.credential('operator');
  const ours = direct('direct', broker.ws, operator, source);
  const bridges = [
    await bridged('Node bridge to WebSocket', 'ws', false, broker, source),
    await bridged('Node bridge to WebSocket, permessage-deflate', 'ws', true, broker, source),
    await bridged('Node bridge to SSE', 'sse', false, broker, source),
  ];
  const nats = [
    await throughNats('direct, NATS', false),
    await throughNats('direct, NATS, permessage-deflate', true),
  ];
  const contestants = [ours, ...bridges, ...nats.map(({ contestant }) => contestant)];
  const results = new Map(contestants.map(({ name }) => [name, emptyResult()]));
  try {
    for (let round = 1; round <= (lab.quick ? 1 : 3); round++) {
      for (const contestant of contestants) {
        await measureRound(lab, contestant, results.get(contestant.name) ?? emptyResult());
        lab.log(`  ${round}: ${contestant.name}`);
      }
    }
    const waiting = direct(QUEUED, broker.ws, operator, source, true);
    const outages = await outage(lab, [ours, waiting, ...bridges], source);
    const restarts = await bridgeRestarts(lab, bridges, source);
    await source.end();
    const back = await brokerRestart(lab, ours, broker);
    return {
      rows: [],
      raw: {
        results: Object.fromEntries(results),
        outages: Object.fromEntries(outages),
        restarts: Object.fromEntries(restarts),
        brokerRestart: back,
      },
      tables: [architectureTable(results, outages, restarts, back)],
    };
  } finally {
    for (const { stop } of nats) await stop();
    for (const { bridge } of bridges) await bridge?.stop();
    await endResponder();
    await source.end();
    await broker.stop();
  }
}

function emptyResult(): ArchitectureResult {
  return { at100: [], at1000: [], bytes: [], bridgeCpu: [], most: [], command: [] };
}

async function measureRound(lab: Lab, contestant: Contestant, result: ArchitectureResult): Promise<void> {
  const tab = await openPage(lab, contestant);
  const ms = lab.quick ? WINDOW_MS.quick : WINDOW_MS.full;
  const slow = await delivery(contestant, tab, 100, ms);
  const fast = await delivery(contestant, tab, 1000, ms);
  const commands = await commandTimes(tab);
  result.at100.push([percentile(slow.waits, 0.5), percentile(slow.waits, 0.99)]);
  result.at1000.push([percentile(fast.waits, 0.5), percentile(fast.waits, 0.99)]);
  result.bridgeCpu.push(fast.bridgeCpu);
  result.command.push([percentile(commands, 0.5), percentile(commands, 0.99)]);
  result.most.push(await mostPerSecond({ ...lab, windowMs: ms }, contestant, tab));
  await tab.close();
  result.bytes.push(await bytesPerReading(lab, contestant, ms));
}
