import type { ChannelRow } from '../../../../engine-api/frame.ts';
import type {
  ChannelDescription,
  ChannelKind,
  DescriptionDocument,
  DeviceDescription,
} from '../../../../model/device.ts';
import { quote } from '../../../../model/foreign-text.ts';
import { isChannelName } from '../../../../model/flatten.ts';
import { commandDraft, readCommandDraft, type CommandDraft } from './command-draft.ts';
import { configDraft, readConfigDraft, type ConfigDraft } from './config-schema-draft.ts';
import { Reading } from './reading.ts';

/** One channel in the form; numbers as typed. */
export interface ChannelDraft {
  channel: string;
  name: string;
  unit: string;
  min: string;
  max: string;
  precision: string;
  kind: ChannelKind | '';
}

/** What the form holds before it is read. */
export interface DescriptionDraft {
  name: string;
  model: string;
  location: string;
  kind: string;
  interval: string;
  channels: ChannelDraft[];
  commands: CommandDraft[];
  config: ConfigDraft;
}

/** A description that waits half written while its page is left. */
export interface KeptDescription {
  readonly where: 'everybody' | 'here';
  /** What stood at the broker when the form was opened; `undefined` when that was not known. */
  readonly initial: DescriptionDocument | null | undefined;
  /** The same, moved on where the person has decided since. */
  readonly base: DescriptionDocument | null;
  readonly draft: DescriptionDraft;
}

export type DraftReading =
  | { readonly ok: true; readonly description: DeviceDescription }
  | { readonly ok: false; readonly faults: readonly string[] };

const shown = (value: string | number | undefined): string => (value === undefined ? '' : String(value));

/** The form for a description, with a line for each channel that was seen and is not in it. */
export function descriptionDraft(
  description: DeviceDescription | undefined,
  seen: readonly ChannelRow[],
): DescriptionDraft {
  const described = description?.channels ?? new Map<string, ChannelDescription>();
  const others = seen.map(({ channel }) => channel).filter((channel) => !described.has(channel));
  return {
    name: shown(description?.name),
    model: shown(description?.model),
    location: shown(description?.location),
    kind: shown(description?.kind),
    interval: shown(description?.interval),
    channels: [
      ...[...described].map(([channel, about]) => channelDraft(channel, about)),
      ...others.map((channel) => channelDraft(channel, {})),
    ],
    commands: (description?.commands ?? []).map(commandDraft),
    config: configDraft(description?.config),
  };
}

/** One channel as the form shows it. */
export function channelDraft(channel: string, about: ChannelDescription): ChannelDraft {
  return {
    channel,
    name: shown(about.name),
    unit: shown(about.unit),
    min: shown(about.min),
    max: shown(about.max),
    precision: shown(about.precision),
    kind: about.kind ?? '',
  };
}

/** The description that the form says, or what is wrong, one sentence each. Channels with nothing filled in are left out. */
export function readDescriptionDraft(draft: DescriptionDraft): DraftReading {
  const reading = new Reading();
  const channels = new Map<string, ChannelDescription>();
  for (const line of draft.channels) {
    const { channel } = line;
    const about = readChannel(line, reading);
    if (Object.values(about).every((value) => value === undefined)) continue;
    if (!isChannelName(channel))
      reading.fault(`A channel cannot be called ${quote(channel)}: choose another name.`);
    else if (channels.has(channel))
      reading.fault(`The channel ${quote(channel)} is listed twice: take one of them out.`);
    else channels.set(channel, about);
  }
  const commands = draft.commands.map((command) => readCommandDraft(command, reading));
  const names = commands.map(({ name }) => name);
  for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i)))
    reading.fault(`Two commands are called ${quote(name)}: give one of them another name.`);
  const description: DeviceDescription = {
    name: reading.text(draft.name),
    model: reading.text(draft.model),
    location: reading.text(draft.location),
    kind: reading.text(draft.kind),
    interval: reading.number(draft.interval, 'The interval', 0.1, 31 * 86_400),
    channels,
    commands,
    config: readConfigDraft(draft.config, reading),
  };
  return reading.faults.length === 0 ? { ok: true, description } : { ok: false, faults: reading.faults };
}

function readChannel(line: ChannelDraft, reading: Reading): ChannelDescription {
  const of = `of the channel ${quote(line.channel)}`;
  const min = reading.number(line.min, `The lower limit ${of}`);
  const max = reading.number(line.max, `The upper limit ${of}`);
  if (min !== undefined && max !== undefined && min >= max)
    reading.fault(`The lower limit ${of} must be below the upper one: change one of them.`);
  return {
    name: reading.text(line.name),
    unit: reading.text(line.unit),
    min,
    max,
    precision: reading.number(line.precision, `The digits ${of}`, 0, 10, true),
    kind: line.kind === '' ? undefined : line.kind,
  };
}
