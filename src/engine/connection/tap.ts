import type { MessageMeta } from '../../model/convention.ts';
import { Backlog } from './backlog.ts';
import { MALFORMED, PacketCutter, tooLarge, type Fault } from './packet-cutter.ts';
import { PublishReader } from './publish-reader.ts';
import type { Redeliveries } from './redeliveries.ts';
import type { Socket, SocketClose, SocketEvent } from './socket.ts';
import { spellOutTopic } from './spell-out-topic.ts';
import type { FlowCount, Traffic } from './traffic.ts';

const CONNACK = 2;
const PUBLISH = 3;
const SUBACK = 9;
const OPEN = 1;

/** What is said to the broker about how much it may send at once (MQTT 5); also holds under 3.1.1 where it can. */
export const TAP_LIMITS = {
  /** Bytes of a packet with its header. */
  maximumPacketSize: 1_048_576,
  /** QoS 1 messages that wait for their acknowledgement: a flush takes milliseconds, in which a window of 20 would stall. */
  receiveMaximum: 1_000,
  /** 256 topics of the greatest length are 16 MB. */
  topicAliasMaximum: 256,
};

/** What a person is told of a message of so many bytes. */
export function passedOver(bytes: number): string {
  return `A message of ${bytes} bytes was passed over; at most ${TAP_LIMITS.maximumPacketSize} are taken.`;
}

/** What comes with a message out of the socket; it holds until the next message. */
export interface ReceivedMeta extends MessageMeta {
  /** It was taken before, on the session that was resumed: it is to be acknowledged once more, and that is all. */
  readonly repeated?: boolean;
}

/**
 * Takes a message. The payload is a view into the frame that it came in. `acknowledge` is there at QoS 1 and is called
 * when the message may be forgotten by the broker; messages are acknowledged in the order in which they came
 * [MQTT-4.6.0-2].
 */
export type TakeMessage = (
  topic: string,
  payload: Uint8Array,
  meta: ReceivedMeta,
  acknowledge: (() => void) | undefined,
) => void;

/**
 * A message larger than may be taken was passed over: MQTT 3.1.1 cannot keep the broker from sending it, and a retained one
 * would end every new link.
 */
export type TakeTooLarge = (topic: string, bytes: number, acknowledge: (() => void) | undefined) => void;

export interface TapOptions {
  readonly protocol: 4 | 5;
  /** What was taken on the session that may be resumed; missing where none may. */
  readonly redeliveries?: Redeliveries;
  /** What goes through is added to it. */
  readonly traffic: Traffic;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onMessage: TakeMessage;
  readonly onTooLarge: TakeTooLarge;
  /** Bytes came, at this time (epoch ms). */
  readonly onHeard: (at: number) => void;
  /** The stream cannot be read any further; the socket is being closed. */
  readonly onFault: (fault: Fault) => void;
  readonly onClose: (close: SocketClose) => void;
}

/**
 * Stands between a WebSocket and mqtt.js and looks like the WebSocket. After the CONNACK, inbound messages of QoS 0 and 1
 * are read here and go straight to `onMessage`; mqtt.js gets everything else, each packet as a message event of its own,
 * and never sees them. Two reasons: mqtt.js acknowledges before anything is stored, and its stock bundle takes a timer for
 * every packet that is not alone in its frame.
 */
export class Tap implements Socket {
  readonly #socket: Socket;
  readonly #options: TapOptions;
  readonly #cutter: PacketCutter;
  readonly #reader: PublishReader;
  readonly #in: FlowCount;
  readonly #listeners: ((event: SocketEvent) => void)[] = [];
  /** When the frame came that is being read, epoch ms: the time of all that is in it. */
  #at = 0;
  /** That of the last message of QoS 0: no object for each. */
  readonly #meta: { -readonly [Key in keyof MessageMeta]: MessageMeta[Key] } = {
    retain: false,
    qos: 0,
    dup: false,
    receivedAt: 0,
    correlationData: undefined,
    by: undefined,
    notes: undefined,
  };
  #greeted = false;
  #ended = false;
  /** There while the session is a resumed one. */
  #backlog: Backlog | undefined;
  /** Packet ids that wait for their acknowledgement. */
  readonly #unacknowledged = new Set<number>();
  /** PUBACKs of this turn: they leave in one frame. */
  #pubacks: number[] = [];

  constructor(socket: Socket, options: TapOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#in = options.traffic.in;
    this.#reader = new PublishReader(options.protocol, TAP_LIMITS.topicAliasMaximum);
    this.#cutter = new PacketCutter(
      TAP_LIMITS.maximumPacketSize,
      (bytes, from, body, to) => this.#take(bytes, from, body, to),
      // Under MQTT 5 the broker was told [MQTT-3.1.2-24].
      options.protocol === 4
        ? (bytes, from, body, to, size) => this.#passOver(bytes, from, body, to, size)
        : undefined,
    );
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', (event) => this.#receive(event.data));
    socket.addEventListener('close', (event) => {
      this.#ended = true;
      options.onClose({ code: event.code ?? 1006, reason: event.reason ?? '' });
    });
  }

  get binaryType(): string {
    return this.#socket.binaryType;
  }

  set binaryType(type: string) {
    this.#socket.binaryType = type;
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  addEventListener(
    type: 'open' | 'close' | 'error' | 'message',
    listener: (event: SocketEvent) => void,
  ): void {
    if (type === 'message') this.#listeners.push(listener);
    else this.#socket.addEventListener(type, listener);
  }

  send(data: ArrayBufferView<ArrayBuffer> | ArrayBuffer): void {
    this.#options.traffic.out.frame(data.byteLength);
    this.#socket.send(data);
  }

  /**
   * Reads nothing and acknowledges nothing more, while the goodbye may still be on its way: what nobody takes in must not
   * be noted as taken.
   */
  end(): void {
    this.#ended = true;
  }

  close(): void {
    this.end();
    this.#socket.close();
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    this.#at = this.#options.now();
    this.#options.onHeard(this.#at);
    if (data instanceof ArrayBuffer) this.#in.frame(data.byteLength);
    const fault =
      data instanceof ArrayBuffer
        ? this.#cutter.push(new Uint8Array(data))
        : // [MQTT-6.0.0-1]
          { what: 'a text frame', code: MALFORMED };
    if (fault && !this.#ended) this.#fail(fault);
  }

  #fail(fault: Fault): void {
    if (this.#options.protocol === 5 && this.#greeted && this.readyState === OPEN) {
      this.send(new Uint8Array([0xe0, 1, fault.code]));
    }
    this.close();
    this.#options.onFault(fault);
  }

  #take(bytes: Uint8Array, from: number, body: number, to: number): Fault | undefined {
    const type = (bytes[from] ?? 0) >> 4;
    if (type !== PUBLISH || !this.#greeted) {
      if (type === CONNACK) this.#greet(((bytes[body] ?? 0) & 1) === 1);
      else if (type === SUBACK) this.#backlog?.granted();
      this.#handOn(bytes.slice(from, to));
      return undefined;
    }
    const reader = this.#reader;
    const fault = reader.read(bytes, from, body, to);
    if (fault) return fault;
    this.#in.messages++;
    this.#in.payload += to - reader.payload;
    if (reader.qos === 2) {
      const packet = bytes.slice(from, to);
      this.#handOn(reader.byAlias ? spellOutTopic(packet, body - from, reader.topic.name) : packet);
    } else {
      this.#deliver(bytes.subarray(reader.payload, to));
    }
    return undefined;
  }

  #passOver(bytes: Uint8Array, from: number, body: number, to: number, size: number): Fault | undefined {
    const reader = this.#reader;
    const fault = reader.read(bytes, from, body, to);
    if (fault) return fault;
    const { topic, qos, packetId } = reader;
    if (qos === 2 || !this.#greeted) return tooLarge(size, TAP_LIMITS.maximumPacketSize);
    if (qos === 1) this.#unacknowledged.add(packetId);
    this.#options.onTooLarge(topic.name, size, qos === 1 ? () => this.#acknowledge(packetId) : undefined);
    return undefined;
  }

  /** Messages may stand in the same frame as the CONNACK, before mqtt.js has read it. */
  #greet(sessionPresent: boolean): void {
    this.#greeted = true;
    if (sessionPresent) this.#backlog = new Backlog(this.#at);
    else this.#options.redeliveries?.clear();
  }

  #handOn(packet: Uint8Array<ArrayBuffer>): void {
    for (const listener of this.#listeners) listener({ data: packet.buffer });
  }

  #deliver(payload: Uint8Array): void {
    if (this.#ended) return;
    const { topic: notes, retain, qos, dup, packetId, correlationData, by } = this.#reader;
    const topic = notes.name;
    const receivedAt = this.#at;
    const queued = this.#backlog?.holds(qos, retain, receivedAt);
    if (qos === 0) {
      const meta = this.#meta;
      meta.retain = retain;
      meta.dup = dup;
      meta.receivedAt = receivedAt;
      meta.correlationData = correlationData;
      meta.by = by;
      meta.notes = notes;
      this.#options.onMessage(topic, payload, meta, undefined);
      return;
    }
    const base: ReceivedMeta = { retain, qos, dup, receivedAt, correlationData, by, notes };
    const meta = queued ? { ...base, queued } : base;
    // The same packet again, whose first copy is being stored: its acknowledgement answers both [MQTT-4.3.2-2].
    if (dup && this.#unacknowledged.has(packetId)) return;
    this.#unacknowledged.add(packetId);
    const { redeliveries, onMessage } = this.#options;
    const known = dup && this.#backlog !== undefined && redeliveries?.known(packetId, topic, payload);
    redeliveries?.add(packetId, topic, payload);
    const acknowledge = () => this.#acknowledge(packetId);
    if (known === 'taken') onMessage(topic, payload, { ...meta, repeated: true }, acknowledge);
    else if (known === 'stored') onMessage(topic, payload, { ...meta, stored: true }, acknowledge);
    else onMessage(topic, payload, meta, acknowledge);
  }

  #acknowledge(packetId: number): void {
    if (this.#ended || !this.#unacknowledged.delete(packetId)) return;
    if (this.#pubacks.length === 0) queueMicrotask(() => this.#sendPubacks());
    // No reason code means 0 (section 3.4.2.1), so both versions look alike.
    this.#pubacks.push(0x40, 2, packetId >> 8, packetId & 0xff);
  }

  #sendPubacks(): void {
    const pubacks = new Uint8Array(this.#pubacks);
    this.#pubacks = [];
    if (this.readyState === OPEN) this.send(pubacks);
  }
}
