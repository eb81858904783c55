import type { CommandAnswer, DemoModel } from './demo-device.ts';
import { checkArgs } from './check-args.ts';
import { readJson } from './read-json.ts';

/** Ids are at most 22 characters by the contract; anything much longer is not an id and is not echoed. */
const MAX_ID = 64;
/** How many answers are kept to recognise a command that arrives again. */
const REMEMBERED = 64;

/** What a device does about one command. */
export interface Handling {
  /** Seconds until it has done it. */
  readonly after: number;
  /** Does it, when that time has come: whether something changed, and the payload for `ack` where one is due. */
  act(uptime: number): { readonly acted: boolean; readonly ack?: string };
}

const NOTHING: Handling = { after: 0, act: () => ({ acted: false }) };

/** Why a command comes too late, or would be finished too late; `undefined` if it is in time. Seconds and epoch ms. */
function tooLate(
  envelope: ReadonlyMap<string, unknown>,
  takes: number,
  now: number | undefined,
): string | undefined {
  const exp = envelope.get('exp');
  if (now !== undefined && typeof exp === 'number' && exp < now) {
    return `The command expired ${Math.ceil((now - exp) / 1000)} s before it arrived, so nothing was done.`;
  }
  const ttl = envelope.get('ttl');
  if (typeof ttl === 'number' && ttl < takes) {
    return `This takes ${takes} s and the command is valid for ${ttl} s, so nothing was done.`;
  }
  return undefined;
}

/**
 * The part of every device that receives commands: reads the envelope `{"id","name","args","by","exp","ttl"}`, drops what
 * expired, carries out each id once and gives the same answer again when it is repeated (QoS 1 delivers at least once).
 * Returns a function that takes any bytes and never throws.
 */
export function commandDesk(model: DemoModel, clock: () => number): (payload: Uint8Array) => Handling {
  /** By id; empty while the command is being carried out. */
  const answers = new Map<string, string>();
  const commands = new Map((model.commands ?? []).map((command) => [command.name, command]));

  function remember(id: string, ack: string): void {
    answers.set(id, ack);
    const oldest = answers.keys().next().value;
    if (answers.size > REMEMBERED && oldest !== undefined) answers.delete(oldest);
  }

  function again(ack: string): Handling {
    return model.answers && ack !== '' ? { after: 0, act: () => ({ acted: false, ack }) } : NOTHING;
  }

  /** What to do about a command, or why not. */
  function decide(
    envelope: ReadonlyMap<string, unknown>,
  ): string | { readonly takes: number; run(uptime: number): CommandAnswer } {
    const name = envelope.get('name');
    const command = typeof name === 'string' ? commands.get(name) : undefined;
    if (command === undefined) return 'This device has no such command; its meta lists what it can do.';
    const takes = command.takes ?? 0;
    const late = tooLate(envelope, takes, model.hasClock ? clock() : undefined);
    if (late !== undefined) return late;
    const checked = checkArgs(command.args, envelope.get('args'));
    if (checked.error !== undefined) return checked.error;
    return { takes, run: (uptime) => command.run(checked.args, uptime) };
  }

  return (payload) => {
    const json = readJson(payload);
    if (json === undefined) return NOTHING;
    const envelope = new Map(typeof json === 'object' && json !== null ? Object.entries(json) : []);
    const { raw } = model;
    if (raw !== undefined && typeof envelope.get('name') !== 'string') {
      return {
        after: 0,
        act() {
          raw(json);
          return { acted: true };
        },
      };
    }

    const given = envelope.get('id');
    const id = typeof given === 'string' && given !== '' && given.length <= MAX_ID ? given : undefined;
    const before = id === undefined ? undefined : answers.get(id);
    if (before !== undefined) return again(before);
    if (id !== undefined) remember(id, '');

    const decision = decide(envelope);
    return {
      after: typeof decision === 'string' ? 0 : decision.takes,
      act(uptime) {
        const answer = typeof decision === 'string' ? { error: decision } : decision.run(uptime);
        const ok = answer.error === undefined;
        if (id === undefined) return { acted: ok };
        const ack = JSON.stringify({ id, ok, ...answer });
        remember(id, ack);
        return model.answers ? { acted: ok, ack } : { acted: ok };
      },
    };
  };
}
