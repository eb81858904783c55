import type { Command, Outcome } from '../../model/command.ts';

/** What became of the commands of a batch, in the order in which it happens. Every command is in one of them. */
export const BATCH_STATES = ['queued', 'sent', 'done', 'failed', 'unanswered', 'refused', 'expired'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** Those whose devices may be sent it once more. */
export const UNDONE: readonly BatchState[] = ['failed', 'unanswered', 'refused', 'expired'];

/** One command to many devices, as far as it has come. */
export interface Batch {
  readonly id: string;
  /** One of them, to know what was sent. */
  readonly sample: Command;
  /** In the order of their turns. */
  readonly commands: readonly Command[];
  readonly counts: Readonly<Record<BatchState, number>>;
}

/** In which state of its batch a command is: for whoever counts, the broker's word makes no difference. */
export function batchState(outcome: Outcome): BatchState {
  return outcome === 'accepted' ? 'sent' : outcome;
}

/** The batches that there are commands of, the newest first. */
export function batchIds(commands: Iterable<Command>): readonly string[] {
  const made = new Map<string, number>();
  for (const { batch, createdAt } of commands) if (batch) made.set(batch.id, createdAt);
  return [...made].sort(([, a], [, b]) => b - a).map(([id]) => id);
}

/** One batch; `undefined` when there is no command of it. */
export function batchOf(id: string, all: Iterable<Command>): Batch | undefined {
  const commands: Command[] = [];
  const counts = Object.fromEntries(BATCH_STATES.map((state) => [state, 0])) as Record<BatchState, number>;
  for (const command of all) {
    if (command.batch?.id !== id) continue;
    commands.push(command);
    counts[batchState(command.outcome)]++;
  }
  commands.sort((a, b) => (a.batch?.place ?? 0) - (b.batch?.place ?? 0));
  const [sample] = commands;
  return sample && { id, sample, commands, counts };
}
