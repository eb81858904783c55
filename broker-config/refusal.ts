/** One reason why a roles file is not accepted, with the line (from 1) to look at. */
export interface Refusal {
  readonly line: number;
  readonly reason: string;
}

/** A refusal as one line for people and editors: `file:line: reason`. */
export function refusalLine(file: string, refusal: Refusal): string {
  return `${file}:${refusal.line}: ${refusal.reason}`;
}
