import type { Reached } from '../../model/doctor/findings.ts';
import type { Clock } from '../time/clock.ts';
import type { OpenSocket, Socket } from './socket.ts';

/**
 * Opens a WebSocket, sees whether it opens, and closes it. A browser does not say why one fails.
 * @param ms how long it may take
 */
export function probeSocket(
  openSocket: OpenSocket,
  clock: Clock,
  url: string,
  subprotocols: string[],
  ms: number,
): Promise<Reached | 'blocked'> {
  return new Promise((resolve) => {
    let socket: Socket;
    try {
      socket = openSocket(url, subprotocols);
    } catch {
      resolve('blocked');
      return;
    }
    const settle = (reached: Reached) => {
      cancel();
      resolve(reached);
      socket.close();
    };
    const cancel = clock.after(ms, () => settle('silent'));
    socket.addEventListener('open', () => settle('answers'));
    socket.addEventListener('close', () => settle('fails'));
    // The close event comes after it.
    socket.addEventListener('error', () => undefined);
  });
}
