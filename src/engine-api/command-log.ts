import type { CommandFilter } from '../model/command-filter.ts';
import type { Command } from '../model/command.ts';

export interface CommandLogRequest {
  readonly filter: CommandFilter;
  /** Made before this time, epoch ms: the `next` of the page before. */
  readonly before?: number;
  /** So many, and those made in the same millisecond as the last one. */
  readonly limit: number;
}

/** Some of the commands that were sent from this installation, newest first. */
export interface CommandLogAnswer {
  readonly commands: readonly Command[];
  /** Hand it back for older ones; `undefined` when there are none. */
  readonly next?: number;
}

/** One page of the log as NDJSON, newest first. */
export interface CommandExportPage {
  readonly text: string;
  readonly commands: number;
  readonly next?: number;
}
