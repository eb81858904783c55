import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import mqttPacket from 'mqtt-packet';
import { createWebSocketStream, WebSocket } from 'ws';
import type { Credential } from '../../../src/model/broker.ts';

/**
 * Whether a broker answers a CONNECT (MQTT 3.1.1) of this sign-in with a yes. Without mqtt.js, which decides at its first use
 * whether it has a browser's sockets or Node's: the test may be about the others.
 */
export function letsIn(url: string, { username, password }: Credential): Promise<boolean> {
  const { protocol, hostname, port } = new URL(url);
  const stream: Duplex =
    protocol === 'mqtt:'
      ? connect(Number(port), hostname)
      : createWebSocketStream(new WebSocket(url, 'mqtt', { perMessageDeflate: false }));
  return new Promise((resolve) => {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    const settle = (yes: boolean) => {
      resolve(yes);
      stream.destroy();
    };
    parser.on('packet', (packet) => settle(packet.cmd === 'connack' && packet.returnCode === 0));
    stream.on('error', () => settle(false));
    stream.on('close', () => settle(false));
    stream.on('data', (bytes: Buffer) => parser.parse(bytes));
    const clientId = `looks-${Math.random().toString(36).slice(2)}`;
    const packet = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      keepalive: 30,
    } as const;
    stream.write(mqttPacket.generate({ ...packet, clientId, username, password: Buffer.from(password) }));
  });
}
