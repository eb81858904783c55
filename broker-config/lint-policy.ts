import { covers } from '../src/model/topic.ts';
import type { Path } from './line-of.ts';
import { overlaps } from './overlaps.ts';
import type { PolicySource, RoleSource } from './policy-source.ts';
import { isDeviceRole } from './policy-source.ts';

/** What is unwise, and where in the roles file it stands. */
export interface Warning {
  readonly path: Path;
  readonly reason: string;
}

/** Leaves that hold secrets or orders. */
const DELICATE = ['cmd', 'config'];
/** What the convention has a page read. */
const LEAVES = ['telemetry', 'status', 'ack', 'meta', 'config/reported', 'cmd', 'config'];
/** RabbitMQ lets people open sessions of client ids that look like these. */
const PEOPLE_IDS = /^(tt.{21}|telltale-.*|mqttjs_.*|mosq-.*)$/;

/** What is legal and unwise in a policy, one sentence each; empty when nothing is. */
export function lintPolicy(source: PolicySource): readonly Warning[] {
  return [
    ...[...source.roles].flatMap(([name, role]) => roleWarnings(source, name, role)),
    ...principalWarnings(source),
    ...siteWarnings(source),
  ];
}

function roleWarnings({ roots }: PolicySource, name: string, role: RoleSource): readonly Warning[] {
  const warnings: Warning[] = [];
  const warn = (reason: string, ...path: Path) => warnings.push({ path: ['roles', name, ...path], reason });
  const device = isDeviceRole(role);
  if (!device && role.publish.length === 0) {
    for (const leaf of DELICATE) {
      const at = role.subscribe.findIndex((one) =>
        roots.some((root) => overlaps(plain(one), `${root}/+/${leaf}`)),
      );
      if (at < 0) continue;
      const why = leaf === 'cmd' ? 'every command' : 'every configuration, with the passwords in it';
      const filter = role.subscribe[at];
      warn(
        `The role "${name}" changes nothing and reads ${why}, by the filter "${filter}".`,
        'subscribe',
        at,
      );
    }
  }
  for (const list of ['subscribe', 'publish'] as const) {
    for (const [at, filter] of role[list].entries()) {
      if (!roots.some((root) => covers(plain(filter), `${root}/+/${LEAVES[0]}`) && filter.endsWith('#')))
        continue;
      warn(
        `The filter "${filter}" of the role "${name}" is wider than devices need; name the leaves: ${LEAVES.join(', ')}.`,
        list,
        at,
      );
    }
  }
  if (device && !role.bindClientId) {
    warn(
      `The role "${name}" is for devices and binds no client id: any of them can take another's place. Add "bind_client_id: true".`,
      'bind_client_id',
    );
  }
  const others = role.publish.findIndex((filter) => filter.split('/').includes('+'));
  if (device && others >= 0) {
    warn(
      `The role "${name}" is for devices and publishes in the name of others, by a "+".`,
      'publish',
      others,
    );
  }
  return warnings;
}

function plain(filter: string): string {
  return filter.replaceAll(/[^/]*\{\w+\}[^/]*/g, '+');
}

function principalWarnings(source: PolicySource): readonly Warning[] {
  const warnings: Warning[] = [];
  const used = new Set(source.principals.map(({ role }) => role));
  for (const name of source.roles.keys()) {
    if (!used.has(name)) warnings.push({ path: ['roles', name], reason: `Nobody has the role "${name}".` });
  }
  for (const { username, role, id } of source.principals) {
    const warn = (reason: string) => warnings.push({ path: ['principals', username], reason });
    const bound = source.roles.get(role)?.bindClientId === true;
    if (bound && /^(shared|all|everyone|devices?|fleet|guest|public)$/i.test(username)) {
      warn(
        `The sign-in "${username}" sounds shared, and its client id is bound: two that use it end each other.`,
      );
    }
    if (bound && id !== undefined && id !== username) {
      warn(
        `The device "${id}" signs in as "${username}": Mosquitto's acl_file binds a client id to the username, not to the id.`,
      );
    }
    if (id !== undefined && PEOPLE_IDS.test(id)) {
      warn(
        `The device id "${id}" looks like the client id of a person; on RabbitMQ people may open its session.`,
      );
    }
  }
  return warnings;
}

function siteWarnings({ limits, endpoints }: PolicySource): readonly Warning[] {
  const warnings: Warning[] = [];
  if (limits.queuedMessages < 5_000) {
    warnings.push({
      path: ['limits', 'queued_messages'],
      reason: `limits.queued_messages is ${limits.queuedMessages}: Mosquitto cuts a retained snapshot there without a word; allow as many as there are devices, times three.`,
    });
  }
  if (limits.messageBytes > 131_072) {
    warnings.push({
      path: ['limits', 'message_bytes'],
      reason:
        'limits.message_bytes is above 128 KB: over a WebSocket of Mosquitto 2.0 such a message takes seconds.',
    });
  }
  for (const [at, endpoint] of endpoints.entries()) {
    if (endpoint.startsWith('ws:') && !/^ws:\/\/(localhost|127\.)/.test(endpoint)) {
      warnings.push({
        path: ['endpoints', at],
        reason: `The endpoint ${endpoint} sends passwords readable over the network; use wss://.`,
      });
    }
  }
  return warnings;
}
