import { fleetIds } from '../demo/fleet-ids.ts';
import { FLEET_USAGE, parseFleetFlags } from './fleet-flags.ts';
import { readFleetCredentials } from './fleet-credentials.ts';
import { readShelf } from './fleet-shelf.ts';
import { startFleet } from './fleet.ts';
import { Refusal } from './refusal.ts';

const report = (line: string) => process.stderr.write(`${line}\n`);

async function simulate(): Promise<void> {
  const flags = parseFleetFlags(process.argv.slice(2));
  if (flags.help) {
    process.stdout.write(`${FLEET_USAGE}\n`);
    return;
  }
  const ids = fleetIds(flags.devices);
  const credentials =
    flags.credentials === undefined ? undefined : readFleetCredentials(flags.credentials, ids);
  const fleet = startFleet({ ...flags, ids, credentials, shelf: await readShelf(), report });

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void fleet.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Forked by `npm start`: the channel closes when the parent goes, however it goes.
  process.on('disconnect', stop);

  await fleet.ready;
  if (process.send === undefined) report(`${ids.length} devices are connected to ${flags.broker}.`);
  else process.send({ type: 'ready' });
}

try {
  await simulate();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  report(error.message);
  process.exitCode = error.exitCode;
}
