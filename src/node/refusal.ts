/** Something that a person has to put right: `message` is one sentence saying what, where and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /** @param exitCode 2 for a wrong command line, 1 for everything else. */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** The `code` of a system error (`EADDRINUSE`, `EACCES`…), or `undefined` for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The message of whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
