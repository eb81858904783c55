import type { Frame } from '../../src/engine-api/frame.ts';
import type { FromEngine, Port } from '../../src/engine-api/wire.ts';

/** A page's end of the wire that only remembers, cloned as a real port would. */
export class FakePort implements Port {
  readonly messages: FromEngine[] = [];

  post(message: FromEngine, transfer: readonly ArrayBufferLike[]): void {
    this.messages.push(structuredClone(message, { transfer: transfer as ArrayBuffer[] }));
  }

  get frames(): readonly Frame[] {
    return this.messages.flatMap((message) => (message.type === 'frame' ? [message.frame] : []));
  }

  get notices(): readonly string[] {
    return this.messages.flatMap((message) => (message.type === 'notice' ? [message.text] : []));
  }
}
