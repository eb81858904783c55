/** Stands for the id, which nobody knows before the command is sent. */
const ID = 'chosen-when-it-is-sent';

export interface ShownPayload {
  readonly name: string;
  /** The arguments as JSON. */
  readonly args: string;
  readonly by: string;
  /** Seconds. */
  readonly ttl: number;
}

/** The payload of a command as it will stand on the wire, but for its id and its deadline. */
export function payloadShown({ name, args, by, ttl }: ShownPayload): string {
  return `{"id":"${ID}","name":${JSON.stringify(name)},"args":${args},"by":${JSON.stringify(by)},"exp":…,"ttl":${ttl}}`;
}
