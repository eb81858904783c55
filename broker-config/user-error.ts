/** Something that the person at the command line can put right: shown as its one sentence, without a stack. */
export class UserError extends Error {
  /** 2 for a command that was typed wrong, 130 for one that was interrupted, else 1. */
  readonly exitCode: 1 | 2 | 130;

  constructor(message: string, exitCode: 1 | 2 | 130 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The sentence of whatever was thrown. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
