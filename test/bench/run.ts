// `npm run bench [-- --quick] [--only NAME] [--json FILE]`: the figures of the built app, each beside a ceiling or a peer.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildPage, isBuilt } from '../../src/node/build-page.ts';
import { installPrograms } from '../support/install-programs.ts';
import { BenchServer } from './bench-server.ts';
import { bundlePeers } from './bundle-peers.ts';
import { startChromium } from './cdp.ts';
import { figures } from './figures.ts';
import { readFlags } from './flags.ts';
import type { Lab } from './lab.ts';
import { describeMachine } from './machine.ts';
import { figureTable } from './report.ts';
import type { FigureResult } from './result.ts';
import { withinTime } from './within-time.ts';

const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const flags = readFlags(process.argv.slice(2), [...figures.keys()]);

// What was started ends with this process, however it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

await installPrograms(['chromium', 'mosquitto', 'nats-server']);
if (!isBuilt(project)) {
  console.log('Building the page.');
  await buildPage(project, new AbortController().signal);
}
const peers = await bundlePeers();
const dist = `${project}/dist`;
const server = await BenchServer.start(dist, peers);
let chromium = await startChromium();
const settings: Omit<Lab, 'chromium'> = {
  server,
  dist,
  peers,
  quick: flags.quick,
  rounds: flags.quick ? 3 : 7,
  windowMs: flags.quick ? 2000 : 6000,
  log: (line) => console.log(line),
};

const began = new Date();
const machine = describeMachine();
const results = new Map<string, FigureResult>();
const broken = new Map<string, string>();
for (const name of flags.only ?? figures.keys()) {
  const figure = figures.get(name);
  const seconds = flags.quick ? figure?.quickSeconds : figure?.seconds;
  if (figure === undefined) continue;
  if (seconds === undefined) {
    console.log(`${name} is measured by a full run only.`);
    continue;
  }
  const started = performance.now();
  console.log(`${name}`);
  try {
    results.set(name, await withinTime(figure.measure({ ...settings, chromium }), seconds));
  } catch (error) {
    broken.set(name, error instanceof Error ? error.message : String(error));
    console.log(`  could not be measured: ${broken.get(name)}`);
    // What it left open would be measured with the next one.
    await chromium.remove();
    chromium = await startChromium();
  }
  console.log(`  ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
await chromium.remove();
await server.stop();

const rows = [...results.values()].flatMap(({ rows: own }) => own);
console.log(`\n${figureTable(rows)}\n`);
for (const table of [...results.values()].flatMap((result) => result.tables ?? [])) console.log(`${table}\n`);
for (const [name, why] of broken) console.log(`Not measured: ${name}: ${why}`);
if (flags.json !== undefined) {
  const report = {
    began,
    quick: flags.quick,
    machine,
    results: Object.fromEntries(results),
    broken: Object.fromEntries(broken),
  };
  writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
}
// A goal that is not met is a finding; a figure that could not be measured is a failure.
process.exit(broken.size === 0 ? 0 : 1);
