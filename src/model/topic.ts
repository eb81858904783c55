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

const [HASH, PLUS, SLASH] = [0x23, 0x2b, 0x2f];

/** Whether a topic falls under a filter. Wildcards do not match a leading `$` [MQTT-4.7.2-1]. Cuts nothing out of either. */
export function matches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  let at = 0;
  for (let i = 0; i < filter.length; i++) {
    const code = filter.charCodeAt(i);
    if (code === HASH && isLevel(filter, i)) return true;
    if (code === PLUS && isLevel(filter, i)) {
      const end = topic.indexOf('/', at);
      at = end < 0 ? topic.length : end;
    } else if (at < topic.length && topic.charCodeAt(at) === code) at++;
    // `a/#` also matches the parent `a` [MQTT-4.7.1-2].
    else return at === topic.length && code === SLASH && filter[i + 1] === '#' && isLevel(filter, i + 1);
  }
  return at === topic.length;
}

/** Whether the character at `i` stands alone in its level. */
function isLevel(filter: string, i: number): boolean {
  return (
    (i === 0 || filter.charCodeAt(i - 1) === SLASH) &&
    (i === filter.length - 1 || filter.charCodeAt(i + 1) === SLASH)
  );
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
