/**
 * Why `name` cannot be a device id or a username on every broker, or `undefined` when it can.
 * `.` `*` `>` and space mean something to NATS, `.` and `*` to RabbitMQ, `/` `+` `#` to MQTT itself.
 */
export function unsafeName(name: string): string | undefined {
  const culprit = /[.*>\s/+#]/u.exec(name)?.[0];
  if (culprit !== undefined) {
    return `contains ${culprit.trim() === '' ? 'a space' : `"${culprit}"`}, which is a wildcard or a separator on some brokers`;
  }
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return 'is not 1 to 64 letters, digits, "_" and "-"';
  return undefined;
}
