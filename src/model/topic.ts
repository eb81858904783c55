/** MQTT topics are at most 65,535 bytes of UTF-8 [MQTT-4.7.3-3]. */
const MAX_TOPIC_BYTES = 65_535;
const encoder = new TextEncoder();

function isWellFormed(text: string): boolean {
  return text.length > 0 && !text.includes('\0') && encoder.encode(text).length <= MAX_TOPIC_BYTES;
}

/** Whether `topic` may be published on: not empty, no wildcards, no NUL [MQTT-4.7.1-1] [MQTT-4.7.3-2]. */
export function isValidTopic(topic: string): boolean {
  return isWellFormed(topic) && !topic.includes('+') && !topic.includes('#');
}

/** Whether `filter` may be subscribed to: `#` last and alone in its level, `+` alone in its level [MQTT-4.7.1-2]. */
export function isValidFilter(filter: string): boolean {
  if (!isWellFormed(filter)) return false;
  const levels = filter.split('/');
  return levels.every((level, i) => {
    if (level === '#') return i === levels.length - 1;
    if (level === '+') return true;
    return !level.includes('#') && !level.includes('+');
  });
}

/** Whether a topic falls under a filter. Wildcards do not match a leading `$` [MQTT-4.7.2-1]. */
export function matches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '#') return true;
    if (i >= levels.length) return false;
    if (wanted[i] !== '+' && wanted[i] !== levels[i]) return false;
  }
  // `a/#` also matches the parent `a` (handled above, since `#` is reached at i === levels.length).
  return wanted.length === levels.length;
}

/** Whether every topic that `narrow` can match is matched by `wide` as well. */
export function covers(wide: string, narrow: string): boolean {
  if (narrow.startsWith('$') !== wide.startsWith('$')) return false;
  const w = wide.split('/');
  const n = narrow.split('/');
  for (let i = 0; i < w.length; i++) {
    if (w[i] === '#') return true;
    if (i >= n.length) return false;
    if (n[i] === '#') return false;
    if (w[i] !== '+' && w[i] !== n[i]) return false;
  }
  return w.length === n.length;
}
