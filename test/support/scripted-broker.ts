import mqttPacket, { type IConnectPacket, type Packet } from 'mqtt-packet';
import type { Socket, SocketEvent } from '../../src/engine/connection/socket.ts';

type EventName = 'open' | 'close' | 'error' | 'message';

/** One socket of a {@link ScriptedBroker}: a WebSocket whose other end is the test. */
export class ScriptedSocket implements Socket {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  binaryType = 'arraybuffer';
  readyState = 0;
  readonly bufferedAmount = 0;
  /** What the client sent, in order. */
  readonly packets: Packet[] = [];
  #protocol = 4;
  #listeners: Record<EventName, ((event: SocketEvent) => void)[]> = {
    open: [],
    close: [],
    error: [],
    message: [],
  };
  #parser = mqttPacket.parser();

  constructor(
    readonly url: string,
    readonly subprotocols: readonly string[],
    onPacket: (packet: Packet, socket: ScriptedSocket) => void,
  ) {
    this.#parser.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') this.#protocol = packet.protocolVersion ?? 4;
      this.packets.push(packet);
      onPacket(packet, this);
    });
  }

  addEventListener(type: EventName, listener: (event: SocketEvent) => void): void {
    this.#listeners[type].push(listener);
  }

  send(data: ArrayBufferView<ArrayBuffer> | ArrayBuffer): void {
    if (this.readyState !== 1) return;
    const view = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
    this.#parser.parse(Buffer.from(view.buffer, view.byteOffset, view.byteLength));
  }

  close(): void {
    this.closeWith(1000);
  }

  /** The handshake is done. */
  open(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.#tell('open', {});
  }

  /** The broker says something. */
  answer(packet: Packet): void {
    const bytes = mqttPacket.generate(packet, { protocolVersion: this.#protocol });
    this.#tell('message', { data: new Uint8Array(bytes).buffer });
  }

  /** The socket closes, as if from the other end. */
  closeWith(code: number, reason = ''): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#tell('close', { code, reason });
  }

  get closed(): boolean {
    return this.readyState === 3;
  }

  get connect(): IConnectPacket | undefined {
    return this.packets.find((packet) => packet.cmd === 'connect');
  }

  #tell(type: EventName, event: SocketEvent): void {
    for (const listener of this.#listeners[type]) listener(event);
  }
}

/** What a script does with a packet; `true` when the broker's ordinary answer follows. */
export type Script = (packet: Packet, socket: ScriptedSocket) => boolean;

/** A broker that grants everything, except where the test's script says otherwise. */
export class ScriptedBroker {
  readonly sockets: ScriptedSocket[] = [];
  script: Script = () => true;
  /** Whether a socket opens by itself. */
  opens = true;

  openSocket = (url: string, subprotocols: string[]): Socket => {
    const socket = new ScriptedSocket(url, subprotocols, (packet, from) => {
      if (this.script(packet, from)) answerAsUsual(packet, from);
    });
    this.sockets.push(socket);
    if (this.opens) setImmediate(() => socket.open());
    return socket;
  };

  /** The socket of the last attempt. */
  get last(): ScriptedSocket | undefined {
    return this.sockets.at(-1);
  }
}

function answerAsUsual(packet: Packet, socket: ScriptedSocket): void {
  const { messageId } = packet;
  switch (packet.cmd) {
    case 'connect':
      return socket.answer(connack(0));
    case 'subscribe':
      return socket.answer({ cmd: 'suback', messageId, granted: packet.subscriptions.map(({ qos }) => qos) });
    case 'unsubscribe':
      return socket.answer({ cmd: 'unsuback', messageId, granted: packet.unsubscriptions.map(() => 0) });
    case 'publish':
      if (packet.qos === 1) socket.answer({ cmd: 'puback', messageId, reasonCode: 0 });
      return;
    case 'pingreq':
      return socket.answer({ cmd: 'pingresp' });
    default:
  }
}

/** A CONNACK with a return code (3.1.1) and a reason code (5) that are the same number. */
export function connack(code: number): Packet {
  return { cmd: 'connack', sessionPresent: false, returnCode: code, reasonCode: code };
}
