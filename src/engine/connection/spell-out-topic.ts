/**
 * A PUBLISH that named its topic by alias alone, with the topic written out: for a reader that does not know the aliases.
 * @param packet the whole packet
 * @param body where its variable header begins: with a topic of no bytes
 */
export function spellOutTopic(packet: Uint8Array, body: number, topic: string): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(topic);
  const rest = packet.subarray(body + 2);
  const length = 2 + name.length + rest.length;
  const head = [packet[0] ?? 0];
  // Variable byte integer, section 1.5.5.
  for (let left = length; ; left >>= 7) {
    if (left < 0x80) {
      head.push(left);
      break;
    }
    head.push((left & 0x7f) | 0x80);
  }
  head.push(name.length >> 8, name.length & 0xff);
  const written = new Uint8Array(head.length + name.length + rest.length);
  written.set(head);
  written.set(name, head.length);
  written.set(rest, head.length + name.length);
  return written;
}
