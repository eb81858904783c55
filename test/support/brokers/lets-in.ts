import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import mqttPacket from 'mqtt-packet';
import { createWebSocketStream, WebSocket } from 'ws';
import type { Credential } from '../../../src/model/broker.ts';

const newClientId = () => `looks-${Math.random().toString(36).slice(2)}`;

export interface Knock {
  /** What a browser would send as the page's. */
  readonly origin?: string;
  /** Empty for none. */
  readonly subprotocol?: string;
  /** One of its own where it is not given. */
  readonly clientId?: string;
  /** After so many ms without a word it is a no. */
  readonly patience?: number;
}

/**
 * Whether a broker answers a CONNECT (MQTT 3.1.1) of this sign-in with a yes. Without mqtt.js, which decides at its first use
 * whether it has a browser's sockets or Node's: the test may be about the others.
 */
export function letsIn(
  url: string,
  { username, password }: Credential,
  { origin, subprotocol = 'mqtt', clientId = newClientId(), patience = 5_000 }: Knock = {},
): Promise<boolean> {
  const { protocol, hostname, port } = new URL(url);
  const stream: Duplex =
    protocol === 'mqtt:'
      ? connect(Number(port), hostname)
      : createWebSocketStream(new WebSocket(url, subprotocol || [], { perMessageDeflate: false, origin }));
  return new Promise((resolve) => {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    const timer = setTimeout(() => settle(false), patience);
    const settle = (yes: boolean) => {
      clearTimeout(timer);
      resolve(yes);
      stream.destroy();
    };
    parser.on('packet', (packet) => settle(packet.cmd === 'connack' && packet.returnCode === 0));
    stream.on('error', () => settle(false));
    stream.on('close', () => settle(false));
    stream.on('data', (bytes: Buffer) => parser.parse(bytes));
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
