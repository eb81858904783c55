import { writableFilters } from '../../../src/model/policy.ts';
import type { Policy, Principal } from '../../../src/model/policy.ts';
import type { Hashes } from '../../target.ts';
import { topicPattern } from './topic-pattern.ts';

/**
 * `definitions.json`, which RabbitMQ reads at its start and at `rabbitmqctl import_definitions`: users, what they may
 * open (queues of their own sessions) and which topics they may read and write.
 */
export function definitions(policy: Policy, hashes?: Hashes): string {
  const { principals, limits } = policy;
  const user = 'mqtt-subscription-';
  const document = {
    vhosts: [{ name: '/' }],
    users: principals.map(({ username }) => ({
      name: username,
      // Without a hash nobody can sign in with it.
      password_hash: hashes?.get(username) ?? '',
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: '',
      limits: {},
    })),
    permissions: principals.map((principal) => {
      const queue = `${user}${queueOwner(principal)}qos[01]`;
      return {
        user: principal.username,
        vhost: '/',
        configure: `^(${queue}|mqtt-will-.*)$`,
        write: `^(${queue}|amq\\.topic)$`,
        read: `^(${queue}|amq\\.topic)$`,
      };
    }),
    topic_permissions: principals.map((principal) => ({
      user: principal.username,
      vhost: '/',
      exchange: 'amq.topic',
      write: topicPattern(writableFilters(policy, principal)),
      read: topicPattern(principal.subscribe),
    })),
    policies: [
      {
        name: 'telltale-queue-limits',
        vhost: '/',
        pattern: `^${user}`,
        'apply-to': 'queues',
        definition: { 'max-length': limits.queuedMessages, 'max-length-bytes': limits.queuedBytes },
        priority: 0,
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * The client ids whose sessions a principal may open. Another's session would bring what was queued for it, and RabbitMQ
 * binds no client id: a device opens its own alone, people those that look like the page's and the tools' own.
 */
function queueOwner({ clientId }: Principal): string {
  return clientId ?? '(tt[^.]{21}|telltale-.*|mqttjs_.*|mosq-.*)';
}
