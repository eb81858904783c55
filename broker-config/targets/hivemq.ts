import { writableFilters } from '../../src/model/policy.ts';
import type { Policy, Principal } from '../../src/model/policy.ts';
import type { Target } from '../target.ts';

const NOT_RUN = 'NOT RUN BY US: written from the documentation of HiveMQ and never tried on a broker.';

/** HiveMQ with its File RBAC extension. */
export const target = {
  name: 'hivemq',
  title: 'HiveMQ (not run by us)',
  compile(policy) {
    return [
      { path: 'credentials.xml', text: credentials(policy), mode: 0o600 },
      { path: 'README.md', text: readme(policy) },
    ];
  },
} satisfies Target;

/** A role for each principal. Names are letters, digits, `_` and `-`, filters too: there is nothing to escape in XML. */
function credentials(policy: Policy): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${NOT_RUN} -->
<!-- Generated from roles.yaml by "npm run broker-config". Change that file, not this one. -->
<file-rbac>
  <users>
${policy.principals.map(user).join('\n')}
  </users>
  <roles>
${policy.principals.map((principal) => role(policy, principal)).join('\n')}
  </roles>
</file-rbac>
`;
}

function user({ username }: Principal): string {
  return `    <user>
      <name>${username}</name>
      <!-- From: java -jar hivemq-file-rbac-extension.jar -p PASSWORD. As it stands nobody can sign in. -->
      <password></password>
      <roles><id>${username}</id></roles>
    </user>`;
}

function role(policy: Policy, principal: Principal): string {
  const permission = (activity: string) => (filter: string) =>
    `        <permission><topic>${filter}</topic><activity>${activity}</activity></permission>`;
  return `    <role>
      <id>${principal.username}</id>
      <permissions>
${[
  ...principal.subscribe.map(permission('SUBSCRIBE')),
  ...writableFilters(policy, principal).map(permission('PUBLISH')),
].join('\n')}
      </permissions>
    </role>`;
}

function readme({ limits }: Policy): string {
  return `# HiveMQ: not run by us

\`credentials.xml\` is written from the documentation of the File RBAC extension. **Nobody here has tried it on a broker.** Try every
right before you rely on it.

- Copy it to \`extensions/hivemq-file-rbac-extension/conf/\`, with a hash from the extension's own tool in each \`<password>\`. The
  extension reads it again by itself. On HiveMQ Cloud (serverless) there are no roles: give each credential one permission by hand.
- In \`config.xml\`: \`<websocket-listener>\` with \`<path>/mqtt</path>\`; \`<max-queue-size>${limits.queuedMessages}</max-queue-size>\` (the
  default of 1000 may cut a retained snapshot); \`<session-expiry><max-interval>${limits.sessionExpiry}</max-interval></session-expiry>\`;
  \`<packets><max-packet-size>${limits.messageBytes}</max-packet-size></packets>\`.
- Revoke: take the user out of the file and disconnect its clients in the control center: a connection outlives its user.

## What this broker cannot do

- Client ids are free unless an extension of your own binds them.
- "Clear retained" cannot be limited to empty payloads: who has it may write any payload where devices write.
`;
}
