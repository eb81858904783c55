import type { Command } from '../model/command.ts';
import type { Publish } from '../model/convention.ts';
import { conventionOf, nativeId } from '../model/device.ts';
import type { Clock } from './time/clock.ts';
import { Configs } from './documents/configs.ts';
import { Descriptions, type DescriptionsOptions } from './documents/descriptions.ts';
import { recordOf } from './live/device-state.ts';
import { commandEvent } from './history/happened.ts';
import type { History } from './history/history.ts';
import type { LiveState } from './live/live-state.ts';
import { LocalDescriptions } from './documents/local-descriptions.ts';
import { newCommandId } from './commands/new-command-id.ts';
import { Outbox, type OutboxOptions } from './commands/outbox.ts';
import { Overheard } from './commands/overheard.ts';
import type { Pages } from './feed/pages.ts';
import type { Reader } from './reading/reader.ts';

interface HomeCommandsOptions
  extends
    Pick<OutboxOptions, 'by' | 'session' | 'pubackProves' | 'limits' | 'forbidden'>,
    Pick<DescriptionsOptions, 'retainedOnWildcards'> {
  readonly clock: Clock;
  readonly random: (n: number) => Uint8Array;
  readonly live: LiveState;
  readonly history: History;
  readonly pages: Pages;
  /** By the name of their convention. */
  readonly readers: () => ReadonlyMap<string, Reader>;
  /** Something else has become of a command of this console. */
  readonly onNews: (command: Command) => void;
  /** Whether all that is published on a topic comes to this sign-in. */
  readonly delivers: (topic: string) => boolean;
}

/** What a home sends to devices, what others send, what is asked of each device for good, and what they are described as. */
export interface HomeCommands {
  readonly outbox: Outbox;
  readonly overheard: Overheard;
  readonly configs: Configs;
  readonly descriptions: Descriptions;
}

export function homeCommands(options: HomeCommandsOptions): HomeCommands {
  const { clock, random, live, history, pages, readers, onNews } = options;
  const newId = () => newCommandId(random);
  const outbox: Outbox = new Outbox({
    ...options,
    newId,
    write: (command, now) => write(readers(), command, now),
    save: (commands) => history.commands.save(commands),
    clockSeen: (now, moved) => history.commands.clockSeen(now, moved),
    note: (command) => history.commands.note(configs.toKeep(command)),
    configGate: (command) => configs.gate(command),
    onChange: (id, isNews) => {
      pages.command(id);
      const command = outbox.commands.get(id);
      if (!isNews || !command) return;
      onNews(command);
      history.event(commandEvent(command, clock.now()));
      if (command.config) configs.became(command);
    },
  });
  const own = outbox.commands;
  const configs: Configs = new Configs({
    clock,
    newId,
    devices: live.devices,
    own,
    outbox,
    note: (change) => history.configs.note(change),
    onChange: (device) => {
      pages.described(device.key);
      history.saveDevice(recordOf(device));
    },
    delivers: options.delivers,
    retainedOnWildcards: options.retainedOnWildcards,
    topicOf: (command) => {
      try {
        return write(readers(), command, clock.now())[0]?.topic;
      } catch {
        // What cannot be written is refused when it is its turn, with the reason.
        return undefined;
      }
    },
    session: options.session,
  });
  const local = new LocalDescriptions({
    clock,
    live,
    readers,
    stored: history.remembered.localDescriptions,
    save: (all) => history.saveLocalDescriptions(all),
  });
  const overheard = new Overheard({ clock, newId, own, onChange: (id) => pages.command(id) });
  return { outbox, overheard, configs, descriptions: new Descriptions(options, local) };
}

function write(readers: ReadonlyMap<string, Reader>, command: Command, now: number): readonly Publish[] {
  const reader = readers.get(conventionOf(command.device));
  if (!reader) throw new Error(`Nothing here knows how to command ${command.device}.`);
  const { session, name } = reader;
  const device = nativeId(command.device);
  if (!command.config) return session.command(device, { ...command, now });
  if (!session.configure) throw new Error(`Devices that ${name} finds take no configuration.`);
  return session.configure(device, { ...command, value: command.args });
}
