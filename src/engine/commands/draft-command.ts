import type { BatchRequest, SendRequest } from '../../engine-api/calls.ts';
import type { Command } from '../../model/command.ts';
import type { Publish } from '../../model/convention.ts';

/** Seconds until nobody should carry out a command any more, where the person did not say. */
const DEFAULT_TTL_S = 60;
/** A browser's timer counts to 2^31 - 1 ms, 24.8 days; nobody remembers a command for that long. */
const MAX_TTL_S = 7 * 86_400;
/** What one browser keeps an eye on, and a person can look through. */
const MAX_BATCH = 2_000;
const MAX_PER_SECOND = 1_000;

/** How commands come to be. */
export interface Drafting {
  readonly newId: () => string;
  readonly by: () => string;
  readonly write: (command: Command, now: number) => readonly Publish[];
}

/** The command that a request asks for, made at `now` (epoch ms). Throws one clear sentence where it cannot be. */
export function draftCommand(
  request: SendRequest & Pick<Command, 'batch'>,
  now: number,
  { newId, by, write }: Drafting,
): Command {
  const ttl = request.ttl ?? DEFAULT_TTL_S;
  if (!(ttl > 0 && ttl <= MAX_TTL_S)) {
    throw new Error(
      `A command can wait for more than 0 and at most ${MAX_TTL_S} seconds, not ${ttl}. Choose another time.`,
    );
  }
  const { batch, raw, handling, confirms, config } = request;
  const draft: Command = {
    id: request.id ?? newId(),
    device: request.device,
    name: request.name,
    args: request.args,
    ...(raw !== undefined && { raw, ...(handling && { handling }) }),
    ...(confirms && { confirms }),
    ...(batch && { batch }),
    ...(config && { config }),
    by: by(),
    topic: '',
    bytes: 0,
    outcome: 'queued',
    createdAt: now,
    // The time that it waits for its turn does not count.
    deadline: now + ttl * 1_000 + (batch ? batch.place * batch.gap : 0),
    attempts: 0,
  };
  const written = write(draft, now)[0];
  if (!written) throw new Error('This device takes no commands.');
  return { ...draft, topic: written.topic, bytes: written.payload.length };
}

/** One command for each device of a batch. Throws one clear sentence where one of them cannot be: then there is none. */
export function draftBatch(request: BatchRequest, id: string, now: number, drafting: Drafting): Command[] {
  const { devices, each, perSecond, at: _at, id: _id, ...what } = request;
  if (!(devices.length > 0 && devices.length <= MAX_BATCH)) {
    throw new Error(
      `One command can go to 1 to ${MAX_BATCH} devices at once, not to ${devices.length}. Choose fewer.`,
    );
  }
  if (!(perSecond > 0 && perSecond <= MAX_PER_SECOND)) {
    throw new Error(`Between 0 and ${MAX_PER_SECOND} commands can go in a second. Choose another rate.`);
  }
  const gap = 1_000 / perSecond;
  const batch = { id, of: devices.length, gap };
  return [...new Set(devices)].map((device, place) => {
    const own = each?.[devices.indexOf(device)];
    return draftCommand({ ...what, ...own, device, batch: { ...batch, place } }, now, drafting);
  });
}
