const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const SHORT = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DATED = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const FULL = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

/** `10:41:05` in the reader's time zone. `at` is epoch ms. */
export function clockTime(at: number): string {
  return CLOCK.format(at);
}

/** `10:41` in the reader's time zone. `at` is epoch ms. */
export function shortTime(at: number): string {
  return SHORT.format(at);
}

/** `18 Nov` in the reader's time zone. `at` is epoch ms. */
export function dayOf(at: number): string {
  return DATED.format(at);
}

/** The whole timestamp with date and zone, for hover and screen readers. `at` is epoch ms. */
export function fullTime(at: number): string {
  return FULL.format(at);
}

/** A length of time in at most two units: `12 s`, `4 min`, `2 h 10 min`, `3 d 4 h`. `ms` below zero counts as zero. */
export function spanWords(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  const [big, bigName, small, smallName] = span < DAY ? [HOUR, 'h', MINUTE, 'min'] : [DAY, 'd', HOUR, 'h'];
  const rest = Math.floor((span % big) / small);
  return rest > 0
    ? `${Math.floor(span / big)} ${bigName} ${rest} ${smallName}`
    : `${Math.floor(span / big)} ${bigName}`;
}

/** A past moment: its age while it is under an hour old, then time and date. Both are epoch ms. */
export function agoWords(at: number, now: number): string {
  if (now - at < SECOND) return 'now';
  return now - at < HOUR ? spanWords(now - at) : `${dayOf(at)} ${shortTime(at)}`;
}

/** A past moment after "since": the time of day, with its date when it is not within the last 12 hours. */
export function sinceWords(at: number, now: number): string {
  return now - at < 12 * HOUR ? clockTime(at) : `${dayOf(at)} ${clockTime(at)}`;
}
