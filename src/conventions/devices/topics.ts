/** What stands behind the device id in a topic of the device contract. */
export const LEAVES = ['telemetry', 'status', 'cmd', 'ack', 'meta', 'config', 'config/reported'] as const;
export type Leaf = (typeof LEAVES)[number];

/** Safe as a NATS subject, in a RabbitMQ regex and as an AWS topic. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether `id` may be a device id of this contract. */
export function isDeviceId(id: string): boolean {
  return ID.test(id);
}

/** A topic below the root, taken apart; the id is as it came, so perhaps not a device id. */
export interface TopicParts {
  readonly id: string;
  readonly leaf: Leaf;
}

/**
 * Takes `<root>/<id>/<leaf>` apart; undefined for any other topic.
 * @param prefix the root with its slash
 */
export function splitTopic(prefix: string, topic: string): TopicParts | undefined {
  if (!topic.startsWith(prefix)) return undefined;
  const slash = topic.indexOf('/', prefix.length);
  if (slash === -1) return undefined;
  const rest = topic.slice(slash + 1);
  const leaf = LEAVES.find((known) => known === rest);
  return leaf === undefined ? undefined : { id: topic.slice(prefix.length, slash), leaf };
}

/**
 * The root with a slash behind it.
 * @throws Error with one sentence when topics below it could not be published or would match too much
 */
export function rootPrefix(root: string): string {
  if (
    root === '' ||
    root.startsWith('/') ||
    root.endsWith('/') ||
    /[+#\0]/.test(root) ||
    root.startsWith('$')
  ) {
    throw new Error(
      `The root "${root}" cannot be used: write topic levels such as devices or site/devices, ` +
        'without a slash at either end, without + and #, and without $ at the start.',
    );
  }
  return `${root}/`;
}
