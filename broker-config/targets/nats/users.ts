import { writableFilters } from '../../../src/model/policy.ts';
import type { Policy, Principal } from '../../../src/model/policy.ts';
import type { Hashes } from '../../target.ts';
import { subjects } from './subjects.ts';

/**
 * `users.conf`: one user for each principal, allow-lists only, since a `deny` beside an `allow` leaks retained and QoS 1
 * messages before 2.12.12. Without a password a user names a variable that is set nowhere, so that NATS refuses to start.
 */
export function users(policy: Policy, hashes?: Hashes, comment = HEADER): string {
  const stanzas = policy.principals.map((principal) => user(policy, principal, hashes));
  return `${comment}\nusers = [\n${stanzas.join('')}]\n`;
}

const HEADER = `# Generated from roles.yaml by "npm run broker-config". Change that file, not this one.
# What is not listed here is refused.`;

function user(policy: Policy, principal: Principal, hashes: Hashes | undefined): string {
  const { username, role, subscribe } = principal;
  const password =
    hashes === undefined ? `$PASSWORD_IS_MADE_BY_INSTALL` : JSON.stringify(hashes.get(username) ?? '');
  const publish = writableFilters(policy, principal).flatMap(subjects);
  // "$MQTT.sub" carries what comes at QoS 1; without it NATS refuses every subscription above QoS 0.
  const read = [...subscribe.flatMap(subjects), '$MQTT.sub.>'];
  // An empty allow-list would be no limit at all: only this says "publishes nothing".
  const write = publish.length > 0 ? list(publish) : '{deny: [">"]}';
  return `  # ${role}
  {
    user: "${username}"
    password: ${password}
    permissions: {
      publish: ${write}
      subscribe: ${list(read)}
    }
  }
`;
}

function list(values: readonly string[]): string {
  return `[${[...new Set(values)].map((value) => JSON.stringify(value)).join(', ')}]`;
}
