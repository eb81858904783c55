import { errorCode, errorText } from './refusal.ts';

/** So many devices are named one by one; a fleet whose file is wrong would name thousands. */
const NAMED = 5;

const WHY = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no host of that name'],
  ['ETIMEDOUT', 'it does not answer'],
  ['ECONNRESET', 'it closed the connection'],
  ['EHOSTUNREACH', 'there is no way to that host'],
]);

/** What the fleet tells a person: each thing once, until it has changed. */
export interface FleetNotes {
  /** The broker did not answer a device at all. */
  unreachable(error: unknown): void;
  /** The broker answered and said no. */
  refused(id: string, reason: string): void;
  connected(id: string): void;
}

export function createFleetNotes(broker: string, report: (line: string) => void): FleetNotes {
  const refusals = new Map<string, string>();
  let unreachable = false;
  let named = 0;
  return {
    unreachable(error) {
      if (unreachable) return;
      unreachable = true;
      const why = WHY.get(errorCode(error) ?? '') ?? errorText(error);
      report(`Cannot reach ${broker}: ${why}. The fleet keeps trying.`);
    },
    refused(id, reason) {
      if (refusals.get(id) === reason) return;
      refusals.set(id, reason);
      named++;
      if (named <= NAMED) report(`${broker} refused ${id}: ${reason}`);
      if (named === NAMED) report('If it refuses more devices, they are not named one by one.');
    },
    connected(id) {
      refusals.delete(id);
      if (!unreachable) return;
      unreachable = false;
      report(`${broker} answers again.`);
    },
  };
}
