import { parseArgs } from 'node:util';
import { Refusal } from './refusal.ts';

/** What `npm run simulate` was asked for. */
export interface FleetFlags {
  readonly help: boolean;
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly broker: string;
  readonly devices: number;
  /** Messages a second of the whole fleet; each kind's own pace when not given. */
  readonly rate?: number;
  readonly seed?: number;
  readonly credentials?: string;
  readonly root: string;
}

export const FLEET_USAGE = `Usage: npm run simulate -- --broker mqtt://HOST:PORT [flags]
  --broker URL        MQTT over TCP (mqtt://) or TLS (mqtts://)
  --devices N         how many devices (24)
  --rate R            messages a second of the whole fleet (each kind's own pace)
  --seed S            whole number that makes the values repeatable
  --credentials FILE  JSON {"<id>":{"username","password"}}, one for each device (none: without a sign-in)
  --root TOPIC        what the device topics begin with (devices)
  --help              print this`;

const MAX_DEVICES = 20_000;
const MAX_RATE = 100_000;

function usage(message: string): Refusal {
  return new Refusal(`${message} Run "npm run simulate -- --help" for the flags.`, 2);
}

function number(flag: string, text: string, min: number, max: number, whole: boolean): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max && (!whole || Number.isSafeInteger(value))) return value;
  throw usage(`${flag} takes a ${whole ? 'whole number' : 'number'} from ${min} to ${max}, not "${text}".`);
}

function brokerUrl(text: string | undefined): string {
  if (text === undefined) throw usage('--broker is missing: say which broker, as mqtt://localhost:1883.');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^mqtts?:$/.test(url.protocol) || url.hostname === '') {
    throw usage(`--broker takes an address as mqtt://localhost:1883, not "${text}".`);
  }
  // A password in an address ends up in process lists and logs, and one sign-in cannot serve many devices.
  if (url.username !== '' || url.password !== '') {
    throw usage('--broker takes no sign-in; put each device into a file for --credentials.');
  }
  return text;
}

function rootTopic(text: string): string {
  if (/^[^+#\0/]+(\/[^+#\0/]+)*$/.test(text)) return text;
  throw usage(`--root takes a topic without wildcards and outer slashes, as devices, not "${text}".`);
}

/**
 * Reads the command line of `npm run simulate`.
 * @param args without node and the script
 * @throws Refusal with exit code 2 for anything it does not know
 */
export function parseFleetFlags(args: readonly string[]): FleetFlags {
  const text = { type: 'string' } as const;
  const options = {
    broker: text,
    devices: text,
    rate: text,
    seed: text,
    credentials: text,
    root: text,
    help: { type: 'boolean' },
  } as const;
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw usage(`There is no use for "${token.value}".`);
    if (!Object.hasOwn(options, token.name)) throw usage(`There is no flag "${token.rawName}".`);
    if (token.name !== 'help' && (!token.value || token.value.startsWith('--')))
      throw usage(`${token.rawName} needs a value.`);
    given.set(token.name, token.value ?? '');
  }
  const root = rootTopic(given.get('root') ?? 'devices');
  if (given.has('help')) return { help: true, broker: '', devices: 0, root };
  const rate = given.get('rate');
  const seed = given.get('seed');
  return {
    help: false,
    broker: brokerUrl(given.get('broker')),
    devices: number('--devices', given.get('devices') ?? '24', 1, MAX_DEVICES, true),
    rate: rate === undefined ? undefined : number('--rate', rate, 0.001, MAX_RATE, false),
    seed: seed === undefined ? undefined : number('--seed', seed, 0, Number.MAX_SAFE_INTEGER, true),
    credentials: given.get('credentials'),
    root,
  };
}
