// A process of its own: devices as one TCP connection to a broker, so that publishing costs the consumer nothing.
import { once } from 'node:events';
import { connect } from 'node:net';
import { connectPacket } from './mqtt-packets.ts';
import { serveSource, tell } from './serve-source.ts';
import type { ToSource } from './source-messages.ts';

/** Enough to fill a TCP segment, and few enough to follow the consumer closely. */
const BATCH = 50;

process.once('message', (message: ToSource) => {
  if (message.ask !== 'connect') throw new Error('A publisher connects first.');
  open(message.port, connectPacket(message.signIn)).catch((error: unknown) =>
    tell({ tell: 'failed', reason: String(error) }),
  );
});

async function open(port: number, hello: Uint8Array): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.on('close', () =>
    tell({ tell: 'failed', reason: 'The broker closed the connection of the publisher.' }),
  );
  await once(socket, 'connect');
  socket.write(hello);
  const [connack] = (await once(socket, 'data')) as [Buffer];
  if (connack[0] !== 0x20 || connack[3] !== 0)
    throw new Error(`The broker refused the publisher (${connack[3]}).`);
  socket.resume();
  serveSource({
    batch: BATCH,
    send: (packets, taken) => void socket.write(Buffer.concat(packets), () => taken()),
  });
  tell({ tell: 'ready' });
}
