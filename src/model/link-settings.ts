/** How this browser uses the link to one broker. */
export interface LinkSettings {
  /** The telemetry of every device, or only of those that are on a screen. The state of all comes either way. */
  readonly record: 'everything' | 'viewed';
  /**
   * The broker keeps messages while nobody here is connected, for an hour at most. Only together with `everything`: who is
   * away looks at nothing.
   */
  readonly queue: boolean;
}

export const DEFAULT_LINK_SETTINGS: LinkSettings = { record: 'everything', queue: false };

/** Whether the broker is to keep messages for us. */
export function queuesWhileAway({ record, queue }: LinkSettings): boolean {
  return queue && record === 'everything';
}
