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
        principal(
          'fleet',
          ['devices/+/cmd'],
          ['devices/+/telemetry', 'devices/+/status', 'devices/+/meta', 'devices/+/ack'],
        ),
        principal('bridge-ws', ['devices/+/telemetry', 'devices/+/ack'], ['devices/+/cmd']),
        principal('bridge-sse', ['devices/+/telemetry', 'devices/+/ack'], ['devices/+/cmd']),
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
