import type { Value } from './sample.ts';

/** `<convention>:<native id, url-encoded>`: unique over all conventions. Build it with {@link deviceKey}. */
export type DeviceKey = string;

/** The convention whose ids need no prefix in addresses, attributes and exports. */
const HOUSE_CONVENTION = 'devices';

/** The key of a device of `convention` with the id it calls itself by. */
export function deviceKey(convention: string, nativeId: string): DeviceKey {
  return `${convention}:${encodeURIComponent(nativeId)}`;
}

/** The id that people, addresses and exports use: the native id for the house convention, else the whole key. */
export function deviceId(key: DeviceKey): string {
  const prefix = `${HOUSE_CONVENTION}:`;
  return key.startsWith(prefix) ? decodeURIComponent(key.slice(prefix.length)) : key;
}

/** The inverse of {@link deviceId}. */
export function deviceKeyFromId(id: string): DeviceKey {
  return /^[a-z][a-z0-9-]*:/.test(id) ? id : deviceKey(HOUSE_CONVENTION, id);
}

/** The name of the convention inside a key. */
export function conventionOf(key: DeviceKey): string {
  return key.slice(0, key.indexOf(':'));
}

/** The native id inside a key. */
export function nativeId(key: DeviceKey): string {
  return decodeURIComponent(key.slice(key.indexOf(':') + 1));
}

/** What the device's retained status or last will says. */
export type Online = 'online' | 'offline' | 'unknown';

/** What the console shows: {@link Online}, or `stale` when nothing came for longer than it should. */
export type DeviceStatus = Online | 'stale';

export type ChannelKind = 'number' | 'boolean' | 'text';

/** How a device (or an administrator) describes a channel. Everything is optional and untrusted. */
export interface ChannelDescription {
  readonly name?: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** Digits after the decimal point that are real. */
  readonly precision?: number;
  readonly kind?: ChannelKind;
}

/** A JSON Schema in the safe subset of the device contract: no `$ref`, no `pattern`, at most 8 deep and 32 KB. */
export type SafeSchema = { readonly [keyword: string]: unknown };

export interface CommandDescription {
  readonly name: string;
  readonly title?: string;
  readonly args?: SafeSchema;
  /** Ask before sending. */
  readonly confirm?: boolean;
  /** The telemetry that proves the command even when the device never acknowledges. */
  readonly confirms?: { readonly channel: string; readonly equals: Value };
}

/** What is known about a device from its `meta`. */
export interface DeviceDescription {
  readonly name?: string;
  readonly model?: string;
  readonly location?: string;
  readonly kind?: string;
  /** Seconds between two readings. */
  readonly interval?: number;
  readonly channels: ReadonlyMap<string, ChannelDescription>;
  readonly commands: readonly CommandDescription[];
  readonly config?: SafeSchema;
}

/** A description as it stands at the broker, with what is not known here. */
export type DescriptionDocument = Readonly<Record<string, unknown>>;

/** A description that holds in this browser only, in place of what the broker hands out. */
export interface LocalDescription {
  readonly device: DeviceKey;
  readonly document: DescriptionDocument;
  /** What was published then, as far as it was seen: `null` for nothing, missing where the document was not known. */
  readonly over?: DescriptionDocument | null;
  /** When it was made, epoch ms. */
  readonly at: number;
}

/** What could be read of a document; what is wrong was left out and is named, one sentence each. */
export interface DescriptionReading {
  /** Undefined when nothing of it could be read. */
  readonly description?: DeviceDescription;
  readonly problems: readonly string[];
}
