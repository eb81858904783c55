import type { CommandExportPage, CommandLogAnswer, CommandLogRequest } from '../../engine-api/command-log.ts';
import { commandFits, type CommandFilter } from '../../model/command-filter.ts';
import { roundTrip, type Command } from '../../model/command.ts';
import { nativeId } from '../../model/device.ts';
import { eachCommands, putClockSeen, putCommands } from '../../storage/commands.ts';
import { errorName } from '../../storage/error-name.ts';
import type { StoreName, TelltaleDatabase } from '../../storage/schema.ts';
import { WriteBehind } from './write-behind.ts';

/** Without a store: as many as are worth going through by hand. */
const KEPT_IN_MEMORY = 2_000;
const EXPORT_PAGE = 2_000;
const STORES: StoreName[] = ['commands'];

/** The commands of a home: stored before they are sent, and what became of them. */
export class CommandStore {
  readonly #db: () => TelltaleDatabase | undefined;
  readonly #term: number;
  readonly #commands: WriteBehind<Command>;

  constructor(db: () => TelltaleDatabase | undefined, term: number) {
    this.#db = db;
    this.#term = term;
    this.#commands = new WriteBehind({
      db,
      write: (open, commands) => putCommands(open, commands, term, 'relaxed'),
      keyOf: ({ id }) => id,
      keptInMemory: KEPT_IN_MEMORY,
    });
  }

  /** Answers when the commands are on disk, all of them. Rejects with one sentence if not: then none may be sent. */
  async save(commands: readonly Command[]): Promise<void> {
    const db = this.#db();
    if (db === undefined) {
      this.#commands.remember(commands);
      return;
    }
    try {
      await putCommands(db, commands, this.#term, 'strict');
    } catch (error) {
      throw new Error(
        `The command could not be stored (${errorName(error)}), so it is not sent. Free some space on this device or reload this page, and try again.`,
        { cause: error },
      );
    }
  }

  /** Something has become of a command; written soon. If that is lost, it is sent again with the same id, or shown as unanswered. */
  note(command: Command): void {
    this.#commands.note(command);
  }

  /**
   * What the clock shows while a command is open (epoch ms), and the commands whose deadline was moved with it: all on disk,
   * or nothing, after what was noted before. Rejects with the transaction's error.
   */
  async clockSeen(now: number, moved: () => readonly Command[]): Promise<void> {
    await this.rest();
    const db = this.#db();
    if (db !== undefined) await putClockSeen(db, now, moved(), this.#term);
  }

  /** Answers when what was noted is written, or could not be. Never rejects. */
  rest(): Promise<void> {
    return this.#commands.rest();
  }

  /** Some commands, newest first. Rejects with the transaction's error. */
  async log({ filter, before, limit }: CommandLogRequest): Promise<CommandLogAnswer> {
    await this.rest();
    const db = this.#db();
    if (db === undefined) {
      const all = this.#commands.memory.filter((command) => commandFits(command, filter));
      return { commands: all.reverse() };
    }
    const commands: Command[] = [];
    let next: number | undefined;
    await eachCommands(db.transaction(STORES, 'readonly') as never, before ?? Infinity, (chunk) => {
      for (const command of chunk) if (commandFits(command, filter)) commands.push(command);
      if (commands.length < limit) return true;
      next = chunk.at(-1)?.createdAt;
      return false;
    });
    return { commands, ...(next !== undefined && { next }) };
  }

  /** One page of NDJSON, newest first. */
  async exportPage(filter: CommandFilter, before?: number): Promise<CommandExportPage> {
    const { commands, next } = await this.log({
      filter,
      limit: EXPORT_PAGE,
      ...(before !== undefined && { before }),
    });
    const text = commands.map((command) => `${exportLine(command)}\n`).join('');
    return { text, commands: commands.length, ...(next !== undefined && { next }) };
  }
}

/** One command as a line of the export; times in epoch ms. */
function exportLine(command: Command): string {
  const { id, device, name, args, raw, by, topic, outcome, batch, handling } = command;
  const { createdAt, sentAt, acceptedAt, pubackAt, settledAt, deadline, attempts, ...rest } = command;
  return JSON.stringify({
    id,
    device: nativeId(device),
    ...(raw === undefined ? { name, args } : { raw, ...handling }),
    by,
    topic,
    outcome,
    createdAt,
    sentAt,
    pubackAt,
    acceptedAt,
    settledAt,
    roundTrip: roundTrip(command),
    deadline,
    attempts,
    result: rest.result,
    error: rest.error,
    provenBy: rest.provenBy,
    batch: batch?.id,
  });
}
