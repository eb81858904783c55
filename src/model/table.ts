/** What a cell of a table holds. */
export const Kind = { number: 0, boolean: 1, text: 2 } as const;

/** The samples of one channel: cells of the rows in which the device sent it. */
export interface Column {
  readonly series: number;
  /** The rows, rising; missing when it has a cell in every row. */
  readonly rows?: Float64Array;
  /** {@link Kind} of each cell, or of all of them. */
  readonly kinds: Uint8Array | number;
  /** The number itself; 0 or 1 for a boolean; for a text an index into texts that are kept beside the table. */
  readonly number: Float64Array;
}

/**
 * Samples of one device side by side, in order of time: a row is a message, so that what its channels have in common
 * (when it came, what the device's clock said) is there once.
 */
export interface Table {
  /** Receive time, whole epoch ms, never falling. */
  readonly t: Float64Array;
  /** The device's own time, NaN where it sent none; missing where no row has one. */
  readonly ts?: Float64Array;
  /** 1 where the message had waited; missing where none had. */
  readonly late?: Uint8Array;
  readonly columns: readonly Column[];
}

/** How many samples a table holds. */
export function samplesIn(table: Table): number {
  return table.columns.reduce((sum, column) => sum + column.number.length, 0);
}
