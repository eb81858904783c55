import mqtt from 'mqtt';

/** A device that numbers what it sends, so that a test can tell lost and doubled from kept. */
export interface SequenceDevice {
  /** How many readings were handed to the broker. */
  readonly sent: () => number;
  /** Sends `count` readings, `n` rising by one each. Resolves when the socket has taken them. */
  send(count: number): Promise<void>;
  /** Sends telemetry as it is given. */
  sendRaw(payload: string): Promise<void>;
  /** Dies without goodbye: the last will speaks. */
  drop(): void;
  end(): Promise<void>;
}

/**
 * Connects with a device's credential, announces itself retained, and has a last will, as the ESP32 sketch does. It does
 * not connect again by itself: two of one id would take each other's place for ever (MQTT 5, 3.1.4-3).
 */
export async function connectDevice(
  broker: string,
  id: string,
  credential: { username: string; password: string },
): Promise<SequenceDevice> {
  const status = `devices/${id}/status`;
  const client = await mqtt.connectAsync(broker, {
    ...credential,
    clientId: id,
    reconnectPeriod: 0,
    will: { topic: status, payload: Buffer.from('{"online":false}'), qos: 1, retain: true },
  });
  await client.publishAsync(status, '{"online":true}', { qos: 1, retain: true });
  let n = 0;
  return {
    sent: () => n,
    async send(count) {
      for (let i = 0; i < count; i++) {
        await client.publishAsync(`devices/${id}/telemetry`, JSON.stringify({ n: n++ }), { qos: 1 });
      }
    },
    async sendRaw(payload) {
      await client.publishAsync(`devices/${id}/telemetry`, payload, { qos: 1 });
    },
    drop: () => void client.stream.destroy(),
    end: () => client.endAsync(),
  };
}
