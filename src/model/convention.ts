import type {
  ChannelDescription,
  DescriptionDocument,
  DescriptionReading,
  DeviceDescription,
} from './device.ts';
import type { Handling } from './command.ts';
import type { QoS } from './qos.ts';
import type { Value } from './sample.ts';

/** One subscription that a convention wants. */
export interface WantedFilter {
  readonly filter: string;
  readonly qos: QoS;
  /**
   * What arrives on it. `state` (status, meta, config) is subscribed for every device and asked for again at each
   * CONNACK; `telemetry` may be narrowed to what is on screen; `command` only where the policy allows reading it.
   */
  readonly carries: 'state' | 'telemetry' | 'command';
}

/**
 * Room for what was found out about a topic: the same object with each of its messages, while the topic is remembered.
 * Each finds again what it left here, without looking the topic up.
 */
export interface TopicNotes {
  /** The engine's: which conventions read it. */
  readers?: object | undefined;
  /** The engine's: whether it is of a device that somebody looks at. */
  viewed?: object | undefined;
  /** A convention's; perhaps another one's. */
  found?: object | undefined;
}

/** What came with a message, beside its topic and payload. It holds until the next message, as the payload does. */
export interface MessageMeta {
  /** The RETAIN flag: the broker's stored copy, whose age is not known. */
  readonly retain: boolean;
  readonly qos: QoS;
  readonly dup: boolean;
  /** Epoch ms at this browser. */
  readonly receivedAt: number;
  /** The broker had kept it while nobody listened (a resumed session), so it is older than its receipt. */
  readonly queued?: boolean;
  /** Its samples are in the store: an earlier page of this home ended before it could say so to the broker. */
  readonly stored?: boolean;
  /** MQTT 5 correlation data, where there is any. */
  readonly correlationData?: Uint8Array;
  /** MQTT 5 user property `by`, in UTF-8: who published it, as they say themselves. */
  readonly by?: Uint8Array;
  /** Where there is none, the topic is looked up. */
  readonly notes?: TopicNotes;
}

/** A message to publish. */
export interface Publish {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Under MQTT 5; 3.1.1 has none. */
  readonly properties?: {
    readonly responseTopic?: string;
    readonly correlationData?: Uint8Array;
    readonly contentType?: string;
    readonly userProperties?: readonly (readonly [name: string, value: string])[];
  };
}

/** What a message means. `device` is the native id; the engine makes it a key with the convention's name. */
export type Effect =
  | {
      readonly type: 'samples';
      readonly device: string;
      /** The device's own time for these values: epoch ms when `clock` is `absolute`, ms since boot when `uptime`. */
      readonly ts?: number;
      readonly clock?: 'absolute' | 'uptime';
      /** Each at most once. */
      readonly channels: readonly string[];
      /** The value of each. */
      readonly values: ArrayLike<Value>;
      /**
       * `null` in an effect that is used again, always with this device and these channels: the engine leaves here where it
       * found them.
       */
      found?: object | null;
    }
  /** `null` when the status was cleared: nobody says any more whether it is online. */
  | { readonly type: 'status'; readonly device: string; readonly online: boolean | null }
  /** `null` when the description was cleared. */
  | {
      readonly type: 'description';
      readonly device: string;
      readonly description: DeviceDescription | null;
      /** As it was published, where people may describe the device. */
      readonly document?: DescriptionDocument;
    }
  /** Part of a description, learned channel by channel (Sparkplug births, Homie, Home Assistant). */
  | {
      readonly type: 'channel';
      readonly device: string;
      readonly channel: string;
      readonly description: ChannelDescription;
    }
  | {
      readonly type: 'config';
      readonly device: string;
      readonly which: 'desired' | 'reported';
      /** `null` when it was cleared. */
      readonly value: unknown;
      /** Who asks for it, as they say themselves. */
      readonly by?: string;
      /** It is there and cannot be read, in one sentence. */
      readonly fault?: string;
    }
  | {
      readonly type: 'ack';
      readonly device: string;
      readonly id: string;
      readonly ok: boolean;
      readonly result?: unknown;
      readonly error?: string;
    }
  /**
   * Somebody's command on its way to the device, seen at the broker; perhaps our own. What it does not say is missing;
   * `raw` is what stands in place of a name and arguments.
   */
  | {
      readonly type: 'command';
      readonly device: string;
      readonly id?: string;
      readonly name?: string;
      readonly args?: unknown;
      readonly raw?: string;
      readonly by?: string;
      /** Epoch ms after which nobody should carry it out. */
      readonly exp?: number;
      /** Seconds. */
      readonly ttl?: number;
    }
  /** Something that a person should know about; the message is kept nowhere else. */
  | { readonly type: 'problem'; readonly device?: string; readonly message: string }
  | { readonly type: 'subscribe'; readonly wanted: WantedFilter }
  | { readonly type: 'unsubscribe'; readonly filter: string }
  | { readonly type: 'publish'; readonly publish: Publish }
  /** The device's retained topics were cleared: take it out of the fleet. */
  | { readonly type: 'forget'; readonly device: string };

/** A command as the person meant it, before a convention writes it down. */
export interface CommandRequest {
  /** At most 22 characters of `[A-Za-z0-9_-]`. */
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  /** The JSON that a person typed: sent as it is, in place of name and args. */
  readonly raw?: string;
  /** How it goes; only with `raw`. */
  readonly handling?: Handling;
  /** The username that sends it. */
  readonly by: string;
  /** Epoch ms after which nobody should carry it out. */
  readonly deadline: number;
  /** Epoch ms now, for the `ttl` of devices with no clock. */
  readonly now: number;
}

/** A configuration that a person asks for. */
export interface ConfigRequest {
  /** As {@link CommandRequest}. */
  readonly id: string;
  /** A JSON object; `null` asks for nothing any more. */
  readonly value: unknown;
  /** The username that asks. */
  readonly by: string;
}

/** How a person describes a device in its place. Nothing of it keeps state. */
export interface Describing {
  /** The document that says `description`. What `over` has beside that, unknown fields included, stays. */
  write(description: DeviceDescription, over: DescriptionDocument | undefined): DescriptionDocument;
  /** Never throws on anything that `parseJson` has read. */
  read(document: DescriptionDocument): DescriptionReading;
  /** `null` takes the description away. Throws as `command`. */
  publish(device: string, document: DescriptionDocument | null): readonly Publish[];
}

/** A convention at work on one broker. It may keep state; it never does I/O. */
export interface ConventionSession {
  /** What to subscribe from the start; more may follow by `subscribe` effects. */
  filters(): readonly WantedFilter[];
  /**
   * What to subscribe for the telemetry of one device, in place of the telemetry filters of `filters()`; nothing for an id
   * that cannot be subscribed. A convention without it always gets the telemetry of every device.
   */
  telemetryOf?(device: string): readonly WantedFilter[];
  /**
   * Reads one message. Never throws on any topic or payload; what it cannot read is a `problem`, or nothing. The effects
   * hold until the next call: a convention may use them again, so that the common message costs no object.
   */
  read(topic: string, payload: Uint8Array, meta: MessageMeta): readonly Effect[];
  /** Writes a command. Throws an Error with one clear sentence if the device cannot be commanded that way. */
  command(device: string, request: CommandRequest): readonly Publish[];
  /**
   * Writes a desired configuration. Throws as `command`. A convention without it has no devices that take one.
   */
  configure?(device: string, request: ConfigRequest): readonly Publish[];
  /** A convention without it has no devices that a person can describe. */
  readonly describing?: Describing;
}

/** One entry of the shelf `src/conventions/`. */
export interface Convention {
  /** `[a-z][a-z0-9-]*`; part of every device key it finds. */
  readonly name: string;
  create(profile: { readonly root: string }): ConventionSession;
}
