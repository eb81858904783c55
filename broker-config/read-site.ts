import { isScalar } from 'yaml';
import type { PolicyLimits } from '../src/model/policy.ts';
import { DEFAULT_LIMITS } from './default-limits.ts';
import type { Entry, YamlReader } from './yaml-reader.ts';

/** The keys of `limits:`, each with its member and the range that makes sense. */
const LIMITS: Record<string, readonly [keyof PolicyLimits, min: number, max: number]> = {
  connections: ['connections', 1, 1_000_000],
  message_bytes: ['messageBytes', 1_024, 268_435_455],
  queued_messages: ['queuedMessages', 1, 10_000_000],
  queued_bytes: ['queuedBytes', 65_536, 17_179_869_184],
  // Browsers that sleep must not fill the broker.
  session_expiry: ['sessionExpiry', 0, 3_600],
};

/** Reads `endpoints:`: WebSocket addresses of the broker. */
export function readEndpoints(reader: YamlReader, entry: Entry | undefined): readonly string[] {
  return readList(reader, entry, 'endpoints', (text) =>
    isAddress(text, ['ws:', 'wss:']) ? undefined : 'is not an address that begins with wss:// or ws://',
  );
}

/** Reads `origins:`: pages that may open a WebSocket. `*` would be everybody's page, so it is none. */
export function readOrigins(reader: YamlReader, entry: Entry | undefined): readonly string[] {
  return readList(reader, entry, 'origins', (text) =>
    isAddress(text, ['http:', 'https:']) && new URL(text).origin === text
      ? undefined
      : 'is not an origin such as https://console.example, with no path and no "/" at its end',
  );
}

function readList(
  reader: YamlReader,
  entry: Entry | undefined,
  name: string,
  flawOf: (text: string) => string | undefined,
): readonly string[] {
  const seen = new Set<string>();
  for (const { text, at } of reader.texts(entry, `The list ${name}`)) {
    const flaw = seen.has(text) ? 'stands twice in this list' : flawOf(text);
    if (flaw !== undefined) reader.refuse(at, `The address "${text}" ${flaw}.`);
    seen.add(text);
  }
  return [...seen];
}

/** Also refuses whatever would mean something in a configuration file or a regular expression of a broker. */
function isAddress(text: string, protocols: readonly string[]): boolean {
  if (!/^[A-Za-z0-9:/._~%[\]-]+$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocols.includes(protocol) && username === '' && password === '';
}

/** Reads `limits:`; what is not there is {@link DEFAULT_LIMITS}. */
export function readLimits(reader: YamlReader, entry: Entry | undefined): PolicyLimits {
  if (!entry) return DEFAULT_LIMITS;
  const limits: { -readonly [Key in keyof PolicyLimits]: number } = { ...DEFAULT_LIMITS };
  const fields = reader.fields(entry.value, 'The section "limits"', Object.keys(LIMITS), entry.at);
  for (const [key, { at, value }] of fields) {
    const rule = LIMITS[key];
    if (!rule) continue;
    const [member, min, max] = rule;
    const number = isScalar(value) ? value.value : undefined;
    if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) {
      limits[member] = number;
    } else {
      const why = key === 'session_expiry' ? ', since sleeping browsers must not fill the broker' : '';
      reader.refuse(at, `The value of limits.${key} must be a whole number from ${min} to ${max}${why}.`);
    }
  }
  return limits;
}
