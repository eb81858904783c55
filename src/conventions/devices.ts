import type {
  Convention,
  ConventionSession,
  Describing,
  Effect,
  MessageMeta,
  TopicNotes,
  WantedFilter,
} from '../model/convention.ts';
import { quote } from '../model/foreign-text.ts';
import { readAck } from './devices/ack.ts';
import { writeCommand } from './devices/command.ts';
import { readConfig, writeConfig } from './devices/config.ts';
import { DeviceRecord } from './devices/device-record.ts';
import { FleetShapes } from './devices/fleet-shapes.ts';
import { correlationData } from './devices/correlation.ts';
import { readDocument, readMeta } from './devices/meta.ts';
import { writeDocument, writeMeta } from './devices/write-meta.ts';
import { readSeenCommand } from './devices/seen-command.ts';
import { readStatus } from './devices/status.ts';
import { readTelemetry } from './devices/telemetry.ts';
import { isDeviceId, LEAVES, rootPrefix, splitTopic, type Leaf } from './devices/topics.ts';

/** Devices of one broker; what more there is, is noise or an attack on the memory. */
const MAX_DEVICES = 20_000;
/** Unusable ids that are named before the rest is summed up. */
const MAX_REPORTED_IDS = 1000;

const NOTHING: readonly Effect[] = [];

/** A known topic: to whom and to what it belongs, in which session. */
class Route {
  readonly session: object;
  readonly device: DeviceRecord;
  readonly leaf: Leaf;

  constructor(session: object, device: DeviceRecord, leaf: Leaf) {
    this.session = session;
    this.device = device;
    this.leaf = leaf;
  }
}

/** The device contract of this project: `<root>/<id>/telemetry` and its neighbours. */
export const convention = {
  name: 'devices',
  /** @throws Error with one sentence when the root cannot be part of a topic */
  create: ({ root }) => new DevicesSession(rootPrefix(root)),
} satisfies Convention;

class DevicesSession implements ConventionSession {
  private readonly prefix: string;
  private readonly devices = new Map<string, DeviceRecord>();
  /** By whole topic, so that the common message costs one lookup. Bounded: 7 for each device. */
  private readonly routes = new Map<string, Route>();
  private readonly reported = new Set<string>();
  private readonly shapes = new FleetShapes();

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  readonly describing: Describing = {
    read: readDocument,
    write: writeMeta,
    publish: (device, document) => {
      if (!isDeviceId(device)) throw new Error(`${idProblem(device)} It cannot be described.`);
      const topic = `${this.prefix}${device}/meta`;
      return [{ topic, payload: writeDocument(document), qos: 1, retain: true }];
    },
  };

  filters(): readonly WantedFilter[] {
    const each = `${this.prefix}+`;
    return [
      { filter: `${each}/telemetry`, qos: 0, carries: 'telemetry' },
      { filter: `${each}/status`, qos: 1, carries: 'state' },
      { filter: `${each}/ack`, qos: 1, carries: 'state' },
      { filter: `${each}/meta`, qos: 1, carries: 'state' },
      { filter: `${each}/config/reported`, qos: 1, carries: 'state' },
      { filter: `${each}/config`, qos: 1, carries: 'command' },
      { filter: `${each}/cmd`, qos: 1, carries: 'command' },
    ];
  }

  telemetryOf(device: string): readonly WantedFilter[] {
    if (!isDeviceId(device)) return [];
    return [{ filter: `${this.prefix}${device}/telemetry`, qos: 0, carries: 'telemetry' }];
  }

  read(topic: string, payload: Uint8Array, meta: MessageMeta): readonly Effect[] {
    const route = this.noted(meta.notes) ?? this.find(topic, meta.notes);
    if (route === undefined) return this.reportOnce(topic);
    const { device, leaf } = route;
    switch (leaf) {
      case 'telemetry':
        // Empty is how a retained message is cleared, not something a device says.
        return payload.length === 0 ? NOTHING : readTelemetry(device, payload, meta);
      case 'status':
        return this.readStatus(device, payload);
      case 'meta':
        return this.readMeta(device, payload);
      case 'ack':
        return payload.length === 0 ? NOTHING : [readAck(device.id, payload, meta)];
      case 'config':
        return readConfig(device.id, 'desired', payload, meta);
      case 'config/reported':
        return readConfig(device.id, 'reported', payload, meta);
      case 'cmd':
        return readSeenCommand(device.id, payload, meta);
    }
  }

  command(device: string, request: Parameters<ConventionSession['command']>[1]) {
    if (!isDeviceId(device)) throw new Error(`${idProblem(device)} It cannot be sent a command.`);
    const { id, raw, handling } = request;
    const { qos = 1, retain = false, ...properties } = (raw !== undefined && handling) || {};
    return [
      {
        topic: `${this.prefix}${device}/cmd`,
        payload: writeCommand(request),
        qos,
        retain,
        // The one topic that the device may write and every role may read.
        properties: {
          responseTopic: `${this.prefix}${device}/ack`,
          correlationData: correlationData(id),
          ...properties,
        },
      },
    ] as const;
  }

  configure(device: string, { id, value, by }: Parameters<ConventionSession['configure'] & object>[1]) {
    if (!isDeviceId(device)) throw new Error(`${idProblem(device)} It cannot be configured.`);
    return [
      {
        topic: `${this.prefix}${device}/config`,
        payload: writeConfig(value),
        qos: 1,
        retain: true,
        // MQTT says nothing of who published a message; under 5 there is room for it.
        properties: { correlationData: correlationData(id), userProperties: [['by', by]] },
      },
    ] as const;
  }

  private noted(notes: TopicNotes | undefined): Route | undefined {
    const found = notes?.found;
    return found instanceof Route && found.session === this && !found.device.forgotten ? found : undefined;
  }

  private find(topic: string, notes: TopicNotes | undefined): Route | undefined {
    const route = this.routes.get(topic) ?? this.learn(topic);
    if (notes) notes.found = route;
    return route;
  }

  private learn(topic: string): Route | undefined {
    const parts = splitTopic(this.prefix, topic);
    if (parts === undefined || !isDeviceId(parts.id)) return undefined;
    let device = this.devices.get(parts.id);
    if (device === undefined) {
      if (this.devices.size >= MAX_DEVICES) return undefined;
      device = new DeviceRecord(parts.id, this.shapes);
      this.devices.set(parts.id, device);
    }
    const route = new Route(this, device, parts.leaf);
    this.routes.set(topic, route);
    return route;
  }

  /** The problem of a topic that leads to no device; nothing when it was told before or is none of ours. */
  private reportOnce(topic: string): readonly Effect[] {
    const id = splitTopic(this.prefix, topic)?.id;
    if (id === undefined || this.reported.size > MAX_REPORTED_IDS) return NOTHING;
    let message = idProblem(id);
    if (isDeviceId(id)) message = `More than ${MAX_DEVICES} devices; further ones are not shown.`;
    else if (this.reported.size === MAX_REPORTED_IDS) {
      message = `More than ${MAX_REPORTED_IDS} ids are no device ids; further ones are not named.`;
    }
    if (this.reported.has(message)) return NOTHING;
    this.reported.add(message);
    return [{ type: 'problem', message }];
  }

  private readStatus(device: DeviceRecord, payload: Uint8Array): readonly Effect[] {
    if (payload.length === 0) {
      device.hasStatus = false;
      if (!device.hasMeta) return this.forget(device);
      return [{ type: 'status', device: device.id, online: null }];
    }
    const status = readStatus(payload);
    if (!status.ok) return [{ type: 'problem', device: device.id, message: `Status ${status.why}.` }];
    device.hasStatus = true;
    return [{ type: 'status', device: device.id, online: status.online }];
  }

  private readMeta(device: DeviceRecord, payload: Uint8Array): readonly Effect[] {
    if (payload.length === 0) {
      device.hasMeta = false;
      if (!device.hasStatus) return this.forget(device);
      return [{ type: 'description', device: device.id, description: null }];
    }
    const { description, document, problems } = readMeta(payload);
    const effects: Effect[] = problems.map((message) => ({ type: 'problem', device: device.id, message }));
    if (description === undefined) return effects;
    device.hasMeta = true;
    return [{ type: 'description', device: device.id, description, document }, ...effects];
  }

  /** Nothing retained speaks of the device any more. One that still lives comes back with its next message. */
  private forget(device: DeviceRecord): readonly Effect[] {
    this.devices.delete(device.id);
    device.forgotten = true;
    for (const leaf of LEAVES) this.routes.delete(`${this.prefix}${device.id}/${leaf}`);
    return [{ type: 'forget', device: device.id }];
  }
}

function idProblem(id: string): string {
  return `${quote(id)} is not a device id: use 1 to 64 letters, digits, "_" or "-".`;
}
