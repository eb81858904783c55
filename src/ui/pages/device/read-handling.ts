import type { Handling } from '../../../model/command.ts';
import type { QoS } from '../../../model/qos.ts';

/** How a person wants a message to go, as typed. */
export interface HandlingDraft {
  readonly qos: QoS;
  readonly retain: boolean;
  readonly contentType: string;
  /** User properties, one a line: `name=value`. */
  readonly properties: string;
}

/** As commands go by themselves. */
export const USUAL_HANDLING: HandlingDraft = { qos: 1, retain: false, contentType: '', properties: '' };

/** What a person should have read before a message goes with `retain`. */
export const RETAIN_WARNING =
  'The broker keeps it and hands it to the device each time it subscribes, until somebody clears it.';

/** What an empty message does that goes with `retain` [MQTT-3.3.1-6]. */
export const CLEAR_NOTE =
  'Without JSON, the broker forgets the command that it keeps for the device, and a device that is connected gets an empty message.';

/**
 * What was typed, as it goes.
 * @param protocol what the link speaks: 3.1.1 has neither content type nor user properties, and they are left out
 * @throws Error with one sentence when a line is no property
 */
export function readHandling(draft: HandlingDraft, protocol: 4 | 5 | undefined): Handling {
  const { qos, retain } = draft;
  if (protocol === 4) return { qos, retain };
  const contentType = draft.contentType.trim();
  const userProperties = draft.properties
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readProperty);
  return {
    qos,
    retain,
    ...(contentType !== '' && { contentType }),
    ...(userProperties.length > 0 && { userProperties }),
  };
}

function readProperty(line: string): readonly [name: string, value: string] {
  const at = line.indexOf('=');
  const name = line.slice(0, at).trim();
  if (at < 0 || name === '') {
    throw new Error(`"${line.trim()}" is no user property. Write each on a line of its own: name=value.`);
  }
  return [name, line.slice(at + 1).trim()];
}
