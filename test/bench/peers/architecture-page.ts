// The page of every architecture: reads each message as JSON on its main thread, notes when the probe's numbers came, and
// sends commands. Only the transport differs.
import { benchPage, parameters } from '../page/bench-page.ts';
import { connectDirect } from '../page/transports/direct.ts';
import { connectSse } from '../page/transports/sse.ts';
import type { TransportEvents, TransportWish } from '../page/transports/transport.ts';
import { connectWsBridge } from '../page/transports/ws-bridge.ts';

const TRANSPORTS = { direct: connectDirect, ws: connectWsBridge, sse: connectSse };

let count = 0;
const arrivals: [seq: number, at: number][] = [];
const waiting = new Map<string, () => void>();

const events: TransportEvents = {
  ready: () => (benchPage['ready'] = true),
  telemetry: (_id, data) => {
    benchPage.counted(++count);
    const { seq } = data as { seq?: number };
    if (seq !== undefined) arrivals.push([seq, performance.timeOrigin + performance.now()]);
  },
  ack: (_id, data) => waiting.get((data as { id: string }).id)?.(),
};

const wish = parameters<TransportWish>();
const send = TRANSPORTS[wish.kind](wish, events);

/** Which probes came since this was last asked, and when (epoch ms). */
benchPage['arrivals'] = () => arrivals.splice(0);
/** Sends a command; answers with the ms until the device's own answer. */
benchPage['command'] = (device: string) =>
  new Promise((resolve) => {
    const [id, began] = [String(performance.now()), performance.now()];
    waiting.set(id, () => resolve(performance.now() - began));
    send(device, { id, name: 'ping', args: {} });
  });
