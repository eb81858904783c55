import type { Credential } from '../model/broker.ts';
import type { Credentials } from './credentials.ts';
import { SPARE_DEVICE } from './demo-policy.ts';
import { isLoopback, isWildcard, lanAddresses, urlHost } from './host-names.ts';
import { CA_PATH } from './web-server.ts';

/** Everything that is up, as `--json` prints it. */
export interface Greeting {
  readonly url: string;
  readonly mqtt: string;
  readonly ws: string;
  readonly users: Readonly<Record<string, Credential>>;
  readonly devices: Readonly<Record<string, Credential>>;
  readonly pid: number;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly mqttPort: number;
  readonly secure: boolean;
}

/** The object of `--json`. */
export function createGreeting(at: Listening, credentials: Credentials): Greeting {
  const host = urlHost(at.host);
  const [http, ws] = at.secure ? ['https', 'wss'] : ['http', 'ws'];
  return {
    url: `${http}://${host}:${at.port}/`,
    mqtt: `mqtt://${host}:${at.mqttPort}`,
    ws: `${ws}://${host}:${at.port}/mqtt`,
    users: Object.fromEntries(credentials.users),
    devices: Object.fromEntries(credentials.devices),
    pid: process.pid,
  };
}

/** What a person reads when everything is up. */
export function greetingText(greeting: Greeting, at: Listening, root: string, ownAuthority: boolean): string {
  const users = Object.values(greeting.users);
  const width = Math.max(...users.map(({ username }) => username.length));
  const simulated = Object.keys(greeting.devices).length - 1;
  const lines = [
    `Telltale is up: ${greeting.url}`,
    '',
    'Sign in as',
    ...users.map(({ username, password }) => `  ${username.padEnd(width)}  ${password}`),
    '',
    `Broker: ${greeting.mqtt} and ${greeting.ws}`,
    `Simulated devices: ${simulated}`,
    ...spareDevice(greeting, at, root),
    ...exposure(greeting, at),
    ...(ownAuthority ? trustSteps(greeting, at) : []),
    '',
    'Stop with Ctrl-C.',
  ];
  return `${lines.join('\n')}\n`;
}

function spareDevice(greeting: Greeting, at: Listening, root: string): string[] {
  const spare = greeting.devices[SPARE_DEVICE];
  if (!spare) return [];
  const host = urlHost(at.host).replace(/^\[(.*)\]$/, '$1');
  const sign = `-h ${host} -p ${at.mqttPort} -i ${SPARE_DEVICE} -u ${spare.username} -P ${spare.password}`;
  const topic = `${root}/${SPARE_DEVICE}`;
  const will = `--will-topic ${topic}/status --will-payload '{"online":false}' --will-qos 1 --will-retain`;
  return [
    '',
    `One more device, ${SPARE_DEVICE}, is yours. These lines make it appear:`,
    `  mosquitto_pub ${sign} -t ${topic}/status -q 1 -r -m '{"online":true}'`,
    `  mosquitto_pub ${sign} -t ${topic}/telemetry -m '{"t":21.5,"h":40}'`,
    'This one stays connected and sends each line that you type; end it with Ctrl-C and its last will says offline:',
    `  mosquitto_pub ${sign} ${will} -t ${topic}/telemetry -l`,
  ];
}

function exposure(greeting: Greeting, at: Listening): string[] {
  if (isLoopback(at.host)) return [];
  const hosts = isWildcard(at.host) ? lanAddresses() : [at.host];
  const { protocol } = new URL(greeting.url);
  return [
    '',
    `Reachable from the network (--host ${at.host}):`,
    ...hosts.map(
      (host) => `  ${protocol}//${urlHost(host)}:${at.port}/ and mqtt://${urlHost(host)}:${at.mqttPort}`,
    ),
    'Whoever reaches these can load the page and try to sign in; without a password the broker tells them nothing.',
    at.secure
      ? 'The page and its link are encrypted. MQTT over TCP is not: device passwords and readings cross in clear text.'
      : 'Nothing is encrypted: passwords, readings and commands can be read on the way. --tls encrypts the page and its link.',
    ...(at.secure
      ? []
      : ['Over plain http a browser gives such a page less: no installation, no shared link between tabs.']),
  ];
}

function trustSteps(greeting: Greeting, at: Listening): string[] {
  const phone = isLoopback(at.host)
    ? ['This start is for this machine only; add --host 0.0.0.0 to reach it from a phone.']
    : [];
  const [address = at.host] = isWildcard(at.host) ? lanAddresses() : [at.host];
  const { protocol } = new URL(greeting.url);
  return [
    '',
    'The certificate is signed by an authority of this installation, which browsers do not know. To trust it:',
    `  1. Open ${protocol}//${urlHost(address)}:${at.port}${CA_PATH} on the device and pass the warning once.`,
    '  2. iPhone: Settings > Profile Downloaded > Install, then General > About > Certificate Trust Settings > switch it on.',
    '     Android: Settings > Security > Encryption & credentials > Install a certificate > CA certificate.',
    '     Desktop: import it into the authorities of the browser or the system.',
    '  3. Open the address of the page again: no warning.',
    '  Its key stays in the data folder (ca.key); who has that can pose as any site to a device that trusts it. Remove it',
    '  from the device when you no longer need it.',
    ...phone,
  ];
}
