import { parseArgs } from 'node:util';

export interface Flags {
  readonly quick: boolean;
  readonly json?: string;
  /** Names of figures; all when not given. */
  readonly only?: readonly string[];
}

/** Reads the command line; ends the process with one sentence when it cannot. */
export function readFlags(args: readonly string[], names: readonly string[]): Flags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { quick: { type: 'boolean' }, json: { type: 'string' }, only: { type: 'string' } },
    });
    const only = values.only?.split(',');
    const unknown = only?.find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new Error(`No figure is called "${unknown}"; there are ${names.join(', ')}.`);
    return { quick: values.quick ?? false, json: values.json, only };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}
