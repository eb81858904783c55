import type { Convention } from '../../model/convention.ts';
import type { OpenDatabase } from '../../storage/open-database.ts';
import type { Clock } from '../time/clock.ts';
import type { LoadMqtt } from '../connection/load-mqtt.ts';
import type { OpenSocket } from '../connection/socket.ts';
import type { Network } from './network.ts';
import type { Peers } from './peers.ts';

/** Everything that the engine has of the outside. `worker.ts` passes the real one, tests pass what they need. */
export interface World {
  readonly openSocket: OpenSocket;
  readonly loadMqtt: LoadMqtt;
  readonly openDatabase: OpenDatabase;
  readonly clock: Clock;
  /** `n` unguessable bytes. */
  readonly random: (n: number) => Uint8Array;
  readonly conventions: readonly Convention[];
  readonly peers: Peers;
  readonly network: Network;
  /** What this context cannot do and why, one sentence each. */
  readonly lacks: readonly string[];
}
