import type { MqttClient } from 'mqtt';
import { parseJson } from '../../src/model/payload.ts';

/** How a device of a crowd takes a command. */
export type Manner = 'does it' | 'fails' | 'is silent';

/** Many devices behind one connection, each with a command `dim`. */
export interface Crowd {
  /** The ids of the commands that came, by device, each time that they came. */
  readonly came: ReadonlyMap<string, readonly string[]>;
}

const META = JSON.stringify({
  kind: 'light',
  commands: [
    {
      name: 'dim',
      title: 'Dim',
      args: {
        type: 'object',
        required: ['percent'],
        properties: { percent: { type: 'integer', title: 'Brightness', minimum: 0, maximum: 100 } },
      },
    },
  ],
});

/** Brings the devices online, and lets each answer commands in its manner from then on. */
export async function joinCrowd(client: MqttClient, devices: ReadonlyMap<string, Manner>): Promise<Crowd> {
  const came = new Map<string, string[]>();
  client.on('message', (topic, payload) => {
    const device = topic.split('/')[1] ?? '';
    const reading = parseJson(payload.toString());
    if (!reading.ok) throw new Error(`${topic} carries no JSON.`);
    const { id, args } = reading.value as { id: string; args: unknown };
    came.set(device, [...(came.get(device) ?? []), id]);
    const manner = devices.get(device);
    if (manner === 'is silent') return;
    const answer =
      manner === 'fails' ? { ok: false, error: 'The lamp is broken.' } : { ok: true, result: args };
    client.publish(`devices/${device}/ack`, JSON.stringify({ id, ...answer }), { qos: 1 });
  });
  await client.subscribeAsync('devices/+/cmd', { qos: 1 });
  for (const device of devices.keys()) {
    const retained = { qos: 1, retain: true } as const;
    client.publish(`devices/${device}/meta`, META, retained);
    await client.publishAsync(`devices/${device}/status`, '{"online":true}', retained);
  }
  return { came };
}
