import { CONTROL_USER } from './targets/mosquitto-dynsec/document.ts';
import { ROUTE_USER } from './targets/nats/routes.ts';
import { WITNESS } from './with-witness.ts';

/** Sign-ins of the brokers themselves and of "audit": a principal of such a name would have their password. */
const KEPT: readonly string[] = [CONTROL_USER, ROUTE_USER, WITNESS];

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
  if (KEPT.includes(name)) return 'is the name of a sign-in that Telltale makes itself; choose another';
  return undefined;
}
