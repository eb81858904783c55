// The ceiling where frames carry many packets: a worker that cuts the byte stream into packets and counts the messages.
import { PacketCutter } from '../../../src/engine/connection/packet-cutter.ts';
import { connectPacket, subscribePacket } from '../mqtt-packets.ts';
import type { Subscriber } from '../page/raw-socket.ts';
import { reportCounts } from '../page/report-counts.ts';

const MAX_BYTES = 1_048_576;
const [CONNACK, PUBLISH, SUBACK] = [2, 3, 9];

let count = 0;
addEventListener('message', (event: MessageEvent<Subscriber>) => {
  const { url, signIn, filters, qos } = event.data;
  const socket = new WebSocket(url, ['mqtt']);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => socket.send(connectPacket(signIn));
  const cutter = new PacketCutter(MAX_BYTES, (bytes, from) => {
    const type = (bytes[from] ?? 0) >> 4;
    if (type === PUBLISH) count++;
    else if (type === CONNACK) socket.send(subscribePacket(1, filters, qos));
    else if (type === SUBACK) reportCounts(() => count);
    return undefined;
  });
  socket.onmessage = (message: MessageEvent<ArrayBuffer>) => {
    const fault = cutter.push(new Uint8Array(message.data));
    if (fault) throw new Error(`The broker sent ${fault.what}.`);
  };
});
