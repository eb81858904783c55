/** What Mosquitto's log says about the connections of consoles (client ids that begin with `tt`). */
export interface ConnectionLog {
  readonly connects: number;
  /** The most that were open at the same time. */
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

/** Reads the log from the beginning, or from `from` on with no connection open. */
export function readConnectionLog(log: string, from = 0): ConnectionLog {
  const open: string[] = [];
  /** Sockets that were replaced and whose end the broker has yet to report. */
  const replaced: string[] = [];
  let [connects, mostAtOnce, takenOver] = [0, 0, 0];
  for (const line of log.slice(from).split('\n')) {
    const id = CONNECTED.exec(line)?.[1];
    const old = TAKEN_OVER.exec(line)?.[1];
    const gone = GONE.exec(line)?.[1];
    if (old) {
      takenOver++;
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
