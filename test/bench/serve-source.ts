import { Flood } from './flood.ts';
import { publishPacket } from './mqtt-packets.ts';
import { Pace } from './pace.ts';
import type { Sink } from './sink.ts';
import type { FromSource, Sent, ToSource } from './source-messages.ts';

export function tell(message: FromSource): void {
  process.send?.(message);
}

/** Publishes on `sink` what the bench asks for over the channel to the parent process; ends with the parent. */
export function serveSource(sink: Sink): void {
  let flood: Flood | undefined;
  let pace: Pace | undefined;

  const halt = (): Sent => {
    flood?.halt();
    const sent = pace?.halt() ?? { count: flood?.sent ?? 0, probes: [] };
    [flood, pace] = [undefined, undefined];
    return sent;
  };

  process.on('message', (message: ToSource) => {
    if (message.ask === 'say') sink.send(message.messages.map(publishPacket), () => tell({ tell: 'done' }));
    else if (message.ask === 'flood') flood = new Flood(sink, message.wish);
    else if (message.ask === 'pace') pace = new Pace(sink, message.wish);
    else if (message.ask === 'counted') flood?.counted(message.count);
    else if (message.ask === 'halt') tell({ tell: 'sent', sent: halt() });
  });
  process.on('disconnect', () => process.exit(0));
}
