import { writableFilters } from '../../src/model/policy.ts';
import type { Policy, Principal } from '../../src/model/policy.ts';
import type { Target } from '../target.ts';

const NOT_RUN = 'NOT RUN BY US: written from the documentation of EMQX 5 and never tried on a broker.';

/** EMQX 5 with its built-in database of users and a file of rules. */
export const target = {
  name: 'emqx',
  title: 'EMQX (not run by us)',
  compile(policy) {
    return [
      { path: 'acl.conf', text: acl(policy) },
      { path: 'emqx.conf', text: conf(policy) },
      { path: 'README.md', text: README },
    ];
  },
} satisfies Target;

/** Erlang terms; the first rule that fits decides. One rule for each principal, never for `all` but the last. */
function acl(policy: Policy): string {
  const rules = policy.principals.flatMap((principal) => rulesOf(policy, principal));
  return [
    `%% ${NOT_RUN}`,
    '%% Generated from roles.yaml by "npm run broker-config". Change that file, not this one.',
    ...rules,
    '{deny, all}.',
    '',
  ].join('\n');
}

function rulesOf(policy: Policy, principal: Principal): readonly string[] {
  const { username, role, subscribe } = principal;
  const rule = (action: string, filters: readonly string[]) =>
    filters.length === 0
      ? []
      : [
          `{allow, {user, ${JSON.stringify(username)}}, ${action}, [${filters.map((one) => JSON.stringify(one)).join(', ')}]}.`,
        ];
  return [
    `%% ${role}`,
    ...rule('subscribe', subscribe),
    ...rule('publish', writableFilters(policy, principal)),
  ];
}

function conf({ limits }: Policy): string {
  return `# ${NOT_RUN}
# Generated from roles.yaml by "npm run broker-config". To be merged into /etc/emqx/emqx.conf.
authorization {
  no_match = deny
  # "ignore", the default, would answer a refused publish like an accepted one.
  deny_action = disconnect
  # A cached right outlives its being taken away.
  cache { enable = false }
  sources = [ { type = file, enable = true, path = "/etc/emqx/acl.conf" } ]
}
authentication = [ { mechanism = password_based, backend = built_in_database, user_id_type = username } ]
mqtt {
  max_packet_size = ${limits.messageBytes}B
  max_mqueue_len = ${limits.queuedMessages}
  session_expiry_interval = ${limits.sessionExpiry}s
}
listeners.ws.default { bind = "127.0.0.1:8083", max_connections = ${limits.connections} }
`;
}

const README = `# EMQX: not run by us

These files are written from the documentation of EMQX 5. **Nobody here has tried them on a broker.** Try every right before you rely on it.

- Copy \`acl.conf\` to \`/etc/emqx/\`, merge \`emqx.conf\` into yours, \`emqx ctl conf reload\`.
- Make one user for each \`{user, …}\` in \`acl.conf\` in the built-in database (dashboard or HTTP API), which hashes its password.
- Revoke: delete the user, then kick its clients (\`emqx ctl clients kick CLIENTID\`): a connection outlives its user.

## What this broker cannot do

- Client ids are free unless you add a rule of your own.
- "Clear retained" cannot be limited to empty payloads: who has it may write any payload where devices write.
- The rules that come with EMQX end in \`{allow, all}\`. Ours end in \`{deny, all}\`: do not append one to the other.
`;
