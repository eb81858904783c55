import { covers } from '../src/model/topic.ts';
import { overlaps } from './overlaps.ts';
import type { PolicySource, RoleSource } from './policy-source.ts';
import { isDeviceRole } from './policy-source.ts';

/** Leaves that hold secrets or orders. */
const DELICATE = ['cmd', 'config'];
/** What the convention has a page read. */
const LEAVES = ['telemetry', 'status', 'ack', 'meta', 'config/reported', 'cmd', 'config'];
/** RabbitMQ lets people open sessions of client ids that look like these. */
const PEOPLE_IDS = /^(tt.{21}|telltale-.*|mqttjs_.*|mosq-.*)$/;

/** What is legal and unwise in a policy, one sentence each; empty when nothing is. */
export function lintPolicy(source: PolicySource): readonly string[] {
  return [
    ...[...source.roles].flatMap(([name, role]) => roleWarnings(source, name, role)),
    ...principalWarnings(source),
    ...siteWarnings(source),
  ];
}

function roleWarnings({ roots }: PolicySource, name: string, role: RoleSource): readonly string[] {
  const warnings: string[] = [];
  const device = isDeviceRole(role);
  if (!device && role.publish.length === 0) {
    for (const leaf of DELICATE) {
      const filter = role.subscribe.find((one) =>
        roots.some((root) => overlaps(plain(one), `${root}/+/${leaf}`)),
      );
      if (filter === undefined) continue;
      const why = leaf === 'cmd' ? 'every command' : 'every configuration, with the passwords in it';
      warnings.push(`The role "${name}" changes nothing and reads ${why}, by the filter "${filter}".`);
    }
  }
  for (const filter of [...role.subscribe, ...role.publish]) {
    if (roots.some((root) => covers(plain(filter), `${root}/+/${LEAVES[0]}`) && filter.endsWith('#'))) {
      warnings.push(
        `The filter "${filter}" of the role "${name}" is wider than devices need; name the leaves: ${LEAVES.join(', ')}.`,
      );
    }
  }
  if (device && !role.bindClientId) {
    warnings.push(
      `The role "${name}" is for devices and binds no client id: any of them can take another's place. Add "bind_client_id: true".`,
    );
  }
  if (device && role.publish.some((filter) => filter.split('/').includes('+'))) {
    warnings.push(`The role "${name}" is for devices and publishes in the name of others, by a "+".`);
  }
  return warnings;
}

function plain(filter: string): string {
  return filter.replaceAll(/[^/]*\{\w+\}[^/]*/g, '+');
}

function principalWarnings(source: PolicySource): readonly string[] {
  const warnings: string[] = [];
  const used = new Set(source.principals.map(({ role }) => role));
  for (const name of source.roles.keys()) {
    if (!used.has(name)) warnings.push(`Nobody has the role "${name}".`);
  }
  for (const { username, role, id } of source.principals) {
    const bound = source.roles.get(role)?.bindClientId === true;
    if (bound && /^(shared|all|everyone|devices?|fleet|guest|public)$/i.test(username)) {
      warnings.push(
        `The sign-in "${username}" sounds shared, and its client id is bound: two that use it end each other.`,
      );
    }
    if (bound && id !== undefined && id !== username) {
      warnings.push(
        `The device "${id}" signs in as "${username}": Mosquitto's acl_file binds a client id to the username, not to the id.`,
      );
    }
    if (id !== undefined && PEOPLE_IDS.test(id)) {
      warnings.push(
        `The device id "${id}" looks like the client id of a person; on RabbitMQ people may open its session.`,
      );
    }
  }
  return warnings;
}

function siteWarnings({ limits, endpoints }: PolicySource): readonly string[] {
  const warnings: string[] = [];
  if (limits.queuedMessages < 5_000) {
    warnings.push(
      `limits.queued_messages is ${limits.queuedMessages}: Mosquitto cuts a retained snapshot there without a word; allow as many as there are devices, times three.`,
    );
  }
  if (limits.messageBytes > 131_072) {
    warnings.push(
      'limits.message_bytes is above 128 KB: over a WebSocket of Mosquitto 2.0 such a message takes seconds.',
    );
  }
  for (const endpoint of endpoints) {
    if (endpoint.startsWith('ws:') && !/^ws:\/\/(localhost|127\.)/.test(endpoint)) {
      warnings.push(`The endpoint ${endpoint} sends passwords readable over the network; use wss://.`);
    }
  }
  return warnings;
}
