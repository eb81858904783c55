/** Whether there is a topic that both filters match. Both must be valid; neither starts with `$`. */
export function overlaps(a: string, b: string): boolean {
  const left = a.split('/');
  const right = b.split('/');
  for (let i = 0; ; i++) {
    // `a/#` also matches its parent `a` [MQTT-4.7.1-2], so `#` meets even a filter that has just ended.
    if (left[i] === '#' || right[i] === '#') return true;
    if (i >= left.length || i >= right.length) return left.length === right.length;
    if (left[i] !== '+' && right[i] !== '+' && left[i] !== right[i]) return false;
  }
}
