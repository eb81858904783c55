/** What Mosquitto's log says about the connections of consoles (client ids that begin with `tt`). */
export interface ConnectionLog {
  readonly connects: number;
  /** The most that were open at the same time, by somebody's will. */
  readonly mostAtOnce: number;
  /** How often a client id came while its older connection was still open. */
  readonly takenOver: number;
  readonly openNow: number;
}

const CONNECTED = /New client connected from \S+ as (tt[a-z0-9]{21}) /;
const GONE = /Client (tt[a-z0-9]{21}) (?:disconnected|closed its connection|has exceeded timeout)/;
const TAKEN_OVER = /Client (tt[a-z0-9]{21}) already connected, closing old connection/;

function remove(list: string[], item: string): boolean {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

/**
 * Reads the log from the beginning. All tabs of a home have one client id, and the broker closes the older connection before it
 * reports the newer one: a take-over is two tabs that were connected at once, unless the older had left or crashed and the
 * browser had not closed its socket yet.
 * @param left how many connections were left that way
 */
export function readConnectionLog(log: string, left = 0): ConnectionLog {
  const open: string[] = [];
  /** Sockets that were replaced and whose end the broker has yet to report. */
  const replaced: string[] = [];
  let [connects, mostAtOnce, takenOver] = [0, 0, 0];
  for (const line of log.split('\n')) {
    const id = CONNECTED.exec(line)?.[1];
    const old = TAKEN_OVER.exec(line)?.[1];
    const gone = GONE.exec(line)?.[1];
    if (old) {
      takenOver++;
      if (takenOver > left) mostAtOnce = Math.max(mostAtOnce, open.length + 1);
      replaced.push(old);
      remove(open, old);
    }
    if (gone && !remove(replaced, gone)) remove(open, gone);
    if (!id) continue;
    connects++;
    open.push(id);
    mostAtOnce = Math.max(mostAtOnce, open.length);
  }
  return { connects, mostAtOnce, takenOver, openNow: open.length };
}

/** How long the broker was without the console in its longest absence, in seconds; 0 when it never came back. */
export function longestAbsence(log: string): number {
  let left = Infinity;
  let longest = 0;
  for (const line of log.split('\n')) {
    const at = Number.parseInt(line, 10);
    if (GONE.test(line)) left = at;
    if (!CONNECTED.test(line)) continue;
    longest = Math.max(longest, at - left);
    left = Infinity;
  }
  return longest;
}
