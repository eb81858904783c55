import { policyTopic } from '../../src/model/policy.ts';
import { ROLES_FILE } from '../load-policy.ts';
import type { TargetOptions } from '../target.ts';
import { shellText } from './command-line.ts';
import type { InstalledRecord } from './record.ts';

/** `mqtt://…`, where the broker's own machine reaches the devices' listener. */
export function deviceAddress(options: TargetOptions): string {
  const { host, port } = listenerOf(options);
  return `mqtt://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What to run, as lines, so that the page knows what `username` may do. */
export function publishLines(username: string, record: InstalledRecord): readonly string[] {
  const { roles, devices, options } = record;
  const more = [
    ...(roles === ROLES_FILE ? [] : ['--roles', roles]),
    ...(devices.length === 0 ? [] : ['--devices', devices.join(',')]),
  ];
  const words = ['--broker', deviceAddress(options), '--username', 'admin', ...more];
  return [
    `Then, so that the page knows what ${username} may do:`,
    `  npm run broker-config -- publish ${shellText(words)} --password …`,
  ];
}

/** The line that clears what the page was told of `username`; the broker is named where it is known. */
export function forgetLine(username: string, options?: TargetOptions): string {
  const { host, port } = options === undefined ? { host: 'HOST', port: 1883 } : listenerOf(options);
  const at = shellText(['-h', host, '-p', `${port}`, '-u', 'admin']);
  return `mosquitto_pub ${at} -P … -q 1 -r -n -t ${policyTopic(username)}`;
}

/** A listener on every address is reached on this machine's own. */
function listenerOf({ host = '127.0.0.1', port = 1883 }: TargetOptions) {
  const own = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host];
  return { host: own ?? host, port };
}
