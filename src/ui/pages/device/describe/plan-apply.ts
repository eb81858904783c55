import type { Calls } from '../../../../engine-api/calls.ts';
import { differencesBetween, type Difference } from '../../../../model/config/differences.ts';
import type { DescriptionDocument, DeviceDescription, DeviceKey } from '../../../../model/device.ts';
import { isObject } from '../../../../model/payload.ts';
import { errorText } from '../../../words/error-text.ts';

/** What applying a description would do to one device. */
export interface PlannedDescription {
  readonly key: DeviceKey;
  /** What stands at the broker; `null` for nothing, or for nothing that has come. */
  readonly over: DescriptionDocument | null;
  /** The broker may keep one that has not come: it is asked for it before this one is sent. */
  readonly unseen?: true;
  /** What would stand there. */
  readonly document: DescriptionDocument;
  /** None: it is described so already. */
  readonly differences: readonly Difference[];
  /** Why it cannot be described so, in one sentence. */
  readonly fault?: string;
}

/** What is asked of the engine for it. */
export type AskEngine = <Name extends 'describedAs' | 'draftDescription'>(
  name: Name,
  ...args: Parameters<Calls[Name]>
) => Promise<ReturnType<Calls[Name]>>;

const NOT_KNOWN = 'What the broker keeps about it has not come yet. Look again in a few seconds.';

/**
 * What `description` would change on a device: everything but its name and its location, and but what no console knows.
 * Never rejects.
 * @param forbidden why this sign-in may not describe the device, where that is known
 * @param comes whether what the broker keeps comes to whoever asks for all devices
 */
export async function planApply(
  ask: AskEngine,
  key: DeviceKey,
  description: DeviceDescription,
  forbidden: string | undefined,
  comes: boolean,
): Promise<PlannedDescription> {
  const none = { key, over: null, document: {}, differences: [] };
  if (forbidden !== undefined) return { ...none, fault: forbidden };
  try {
    const known = await ask('describedAs', key);
    if (known === undefined && comes) return { ...none, fault: NOT_KNOWN };
    const over = known ?? null;
    const request = { device: key, description, keepOwn: true as const, ...(over && { over }) };
    const { document } = await ask('draftDescription', request);
    const differences = differencesBetween(byName(over ?? {}), byName(document));
    return { key, over, document, differences, ...(known === undefined && { unseen: true }) };
  } catch (error) {
    return { ...none, fault: errorText(error) };
  }
}

/**
 * Channels and commands by their names, so that one that differs is named and not the whole list. `confirm: false` is the
 * same as nothing.
 */
function byName(document: DescriptionDocument): DescriptionDocument {
  const { commands = [], channels = {}, ...rest } = document;
  if (!Array.isArray(commands)) return { ...rest, channels, commands };
  const named = (commands as readonly unknown[]).map((command, i): [string, unknown] => {
    const name = isObject(command) ? command['name'] : undefined;
    return [typeof name === 'string' ? name : String(i + 1), withoutDefault(command)];
  });
  return { ...rest, channels, commands: Object.fromEntries(named) };
}

function withoutDefault(command: unknown): unknown {
  if (!isObject(command) || command['confirm'] !== false) return command;
  return Object.fromEntries(Object.entries(command).filter(([name]) => name !== 'confirm'));
}
