import mqtt from 'mqtt';
import type { SignIn } from '../mqtt-packets.ts';

/** A device that answers every command at once. Answers with how to end it. */
export async function startResponder(port: number, signIn: SignIn): Promise<() => Promise<void>> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...signIn, protocolVersion: 4 });
  client.on('message', (topic, payload) => {
    const { id } = JSON.parse(payload.toString()) as { id: string };
    const ack = JSON.stringify({ id, ok: true });
    client.publish(topic.replace(/cmd$/, 'ack'), ack, { qos: 1 });
  });
  await client.subscribeAsync('devices/+/cmd', { qos: 1 });
  return () => client.endAsync(true);
}
