import mqtt from 'mqtt';
import type { Credential } from '../../src/model/broker.ts';

const TICK_MS = 5;

/** A device that numbers its readings at an even pace and remembers when each was handed over. */
export interface NumberedDevice {
  /** When each reading was sent, epoch ms, by its number. */
  readonly sentAt: readonly number[];
  /** Sends no more; answers when the broker has acknowledged all. */
  stop(): Promise<void>;
}

/** Publishes `{"n":0}`, `{"n":1}`, … at QoS 1. */
export async function startNumberedDevice(
  broker: string,
  id: string,
  credential: Credential,
  perSecond: number,
): Promise<NumberedDevice> {
  const client = await mqtt.connectAsync(broker, { ...credential, clientId: id });
  const sentAt: number[] = [];
  const failures: unknown[] = [];
  const began = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1000) * perSecond;
    while (sentAt.length < due) {
      const payload = JSON.stringify({ n: sentAt.length });
      sentAt.push(Date.now());
      client
        .publishAsync(`devices/${id}/telemetry`, payload, { qos: 1 })
        .catch((error) => failures.push(error));
    }
  }, TICK_MS);
  return {
    sentAt,
    stop: async () => {
      clearInterval(timer);
      // Ends when nothing waits for the broker any more.
      await client.endAsync();
      if (failures.length > 0) throw new Error(`The broker did not take every reading: ${failures[0]}`);
    },
  };
}
