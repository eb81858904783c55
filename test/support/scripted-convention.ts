import type { Convention, ConventionSession, Effect } from '../../src/model/convention.ts';

/** A convention that reads `<root>/#` and answers each message with what the test put under its topic. */
export class ScriptedConvention implements Convention, ConventionSession {
  readonly answers = new Map<string, readonly Effect[] | (() => readonly Effect[])>();
  #root = '';

  constructor(readonly name = 'scripted') {}

  create({ root }: { readonly root: string }): ConventionSession {
    this.#root = root;
    return this;
  }

  filters() {
    return [{ filter: `${this.#root}/#`, qos: 1, carries: 'state' }] as const;
  }

  read(topic: string): readonly Effect[] {
    const answer = this.answers.get(topic) ?? [];
    return typeof answer === 'function' ? answer() : answer;
  }

  command(device: string) {
    return [{ topic: `cmd/${device}`, payload: new Uint8Array(), qos: 1, retain: false }] as const;
  }
}
