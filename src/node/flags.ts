import { resolve } from 'node:path';
import { Refusal } from './refusal.ts';

/** `true`: make a certificate authority and a certificate; files: use those (PEM). */
export type TlsFlag = true | { readonly cert: string; readonly key: string };

/** What `npm start` was asked for. */
export interface Flags {
  readonly host: string;
  /** Of the page and the broker's WebSocket; 0 takes any free one. */
  readonly port: number;
  /** Of the broker's MQTT over TCP; 0 takes any free one. */
  readonly mqttPort: number;
  readonly devices: number;
  /** Messages a second of the whole simulated fleet; each kind's own pace when not given. */
  readonly rate?: number;
  readonly seed?: number;
  readonly data: string;
  /** A built page to serve as it is, instead of the project's own, built when it is old. */
  readonly dist?: string;
  readonly json: boolean;
  readonly tls?: TlsFlag;
  readonly help: boolean;
}

export const USAGE = `Usage: npm start -- [flags]
  --host H          address or name to listen on (127.0.0.1: this machine only)
  --port P          port of the page and of MQTT over WebSocket (8080; 0: any free one)
  --mqtt-port P     port of MQTT over TCP (1883; 0: any free one)
  --devices N       simulated devices (24; 0: none)
  --rate R          messages a second of the whole simulated fleet
  --seed S          whole number that makes the simulated values repeatable
  --data DIR        folder for the broker's state and the passwords (.telltale)
  --dist DIR        serve the page built there, instead of building it when it is old
  --tls [CERT KEY]  serve https and wss, with these PEM files or a certificate made here
  --json            print one JSON line when everything is up, and nothing else
  --help            print this`;

const MAX_PORT = 65_535;
const MAX_DEVICES = 20_000;
const MAX_RATE = 100_000;

function usage(message: string): Refusal {
  return new Refusal(`${message} Run "npm start -- --help" for the flags.`, 2);
}

function number(flag: string, text: string, min: number, max: number, whole: boolean): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max) || (whole && !Number.isSafeInteger(value))) {
    const kind = whole ? 'whole number' : 'number';
    throw usage(`${flag} takes a ${kind} from ${min} to ${max}, not "${text}".`);
  }
  return value;
}

/**
 * Reads the command line of `npm start`.
 * @param args without node and the script
 * @param defaultData the data folder when `--data` is not given
 * @throws Refusal with exit code 2 for anything it does not know
 */
export function parseFlags(args: readonly string[], defaultData: string): Flags {
  const flags: { -readonly [K in keyof Flags]: Flags[K] } = {
    host: '127.0.0.1',
    port: 8080,
    mqttPort: 1883,
    devices: 24,
    data: defaultData,
    json: false,
    help: false,
  };
  const rest = args.flatMap((arg) => {
    const [, name, value] = /^(--[a-z-]+)=(.*)$/s.exec(arg) ?? [];
    return name === undefined || value === undefined ? [arg] : [name, value];
  });
  const next = (flag: string): string => {
    const value = rest.shift();
    if (value === undefined || value === '' || value.startsWith('--')) throw usage(`${flag} needs a value.`);
    return value;
  };
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    switch (flag) {
      case '--host':
        flags.host = next(flag);
        break;
      case '--port':
        flags.port = number(flag, next(flag), 0, MAX_PORT, true);
        break;
      case '--mqtt-port':
        flags.mqttPort = number(flag, next(flag), 0, MAX_PORT, true);
        break;
      case '--devices':
        flags.devices = number(flag, next(flag), 0, MAX_DEVICES, true);
        break;
      case '--rate':
        flags.rate = number(flag, next(flag), 0.001, MAX_RATE, false);
        break;
      case '--seed':
        flags.seed = number(flag, next(flag), 0, Number.MAX_SAFE_INTEGER, true);
        break;
      case '--data':
        flags.data = resolve(next(flag));
        break;
      case '--dist':
        flags.dist = resolve(next(flag));
        break;
      case '--tls':
        flags.tls = tlsFlag(rest);
        break;
      case '--json':
        flags.json = true;
        break;
      case '--help':
        flags.help = true;
        break;
      default:
        throw usage(`There is no flag "${flag}".`);
    }
  }
  if (flags.port !== 0 && flags.port === flags.mqttPort) {
    throw usage(`--port and --mqtt-port are both ${flags.port}; they must differ.`);
  }
  return flags;
}

/** Takes CERT and KEY from the front of `rest`, where they are. */
function tlsFlag(rest: string[]): TlsFlag {
  const files: string[] = [];
  while (files.length < 2 && rest[0] !== undefined && !rest[0].startsWith('--'))
    files.push(rest.shift() ?? '');
  const [cert, key] = files;
  if (!cert) return true;
  if (!key) throw usage('--tls takes no file, or two: the certificate and its key.');
  return { cert: resolve(cert), key: resolve(key) };
}
