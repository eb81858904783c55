import { loadPolicy } from '../../../broker-config/load-policy.ts';
import type { Credential } from '../../../src/model/broker.ts';
import type { Principal } from '../../../src/model/policy.ts';
import { startMosquitto, type RunningMosquitto } from '../../support/mosquitto.ts';

/** A real Mosquitto with the generated configuration and the sign-ins that the bench publishes and bridges with. */
export interface BenchMosquitto extends RunningMosquitto {
  /** The port for devices and bridges. */
  readonly port: number;
  credential(username: string): Credential;
}

/** Each signs in as itself: on the listener for devices two of one name end each other. */
const BRIDGES = ['bridge-ws', 'bridge-deflate', 'bridge-sse'];

function ofEach(leaf: string): string {
  return `devices/+/${leaf}`;
}

function principal(username: string, subscribe: readonly string[], publish: readonly string[]): Principal {
  return { username, role: username, subscribe, publish, clearRetained: false };
}

export async function startBenchMosquitto(): Promise<BenchMosquitto> {
  const policy = await loadPolicy();
  const broker = await startMosquitto({
    policy: {
      ...policy,
      principals: [
        ...policy.principals,
        principal('fleet', [], ['telemetry', 'status', 'ack', 'meta'].map(ofEach)),
        principal('responder', [ofEach('cmd')], [ofEach('ack')]),
        ...BRIDGES.map((name) => principal(name, ['telemetry', 'ack'].map(ofEach), [ofEach('cmd')])),
      ],
    },
    persistence: false,
  });
  return {
    ...broker,
    port: Number(new URL(broker.mqtt).port),
    credential: (username) => {
      const credential = broker.credentials.users[username];
      if (credential === undefined) throw new Error(`Nobody is called ${username}.`);
      return credential;
    },
  };
}
