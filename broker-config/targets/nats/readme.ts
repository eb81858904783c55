import type { Policy } from '../../../src/model/policy.ts';
import type { NatsOptions } from './conf.ts';

/** The page that an administrator reads beside the files. */
export function readme(policy: Policy, { directory, data, port, wsPort }: NatsOptions): string {
  const root = policy.roots[0] ?? 'devices';
  return `# NATS

Generated from \`broker-config/roles.yaml\` by \`npm run broker-config\`; change that file, not these. One node is run by
the tests, every row of \`expected.json\`: NATS 2.9.10. The cluster's files are not.

| file | what it is |
|---|---|
| \`nats-server.conf\` | one node: MQTT on port ${port} for devices, WebSocket on 127.0.0.1:${wsPort}/mqtt for the page |
| \`cluster/nats-1.conf\` … \`nats-3.conf\` | the same for each of three machines: put their names in place of \`nats-N.example\` |
| \`users.conf\` | who may read and write what; here without passwords, so NATS refuses to start with it |

## Install

    apt-get install nats-server
    npm run broker-config -- install --target nats --out ${directory} --data ${data}
    chown -R nats: ${directory} ${data}
    nats-server -c ${directory}/nats-server.conf

\`install\` makes the passwords, hashes them with bcrypt into \`users.conf\` and leaves the plain ones once in
\`credentials.json\` (mode 600). For a cluster copy \`cluster/nats-N.conf\` and the same \`users.conf\` to machine N. Then publish
what each sign-in may do (the retained state of a cluster is one, any node will do):

    npm run broker-config -- publish --broker mqtt://127.0.0.1:${port} --username admin --password …

In the page's \`config.json\`: \`"kind": "nats"\`, and the addresses of all nodes in \`urls\`; the path is \`/mqtt\`.

## Change, reload, revoke

- Somebody more, somebody less, a new password, each with \`--apply\` to have it done at once on this machine, or without to be
  told what to run:

      npm run broker-config -- add NAME --role ROLE --installed ${directory}
      npm run broker-config -- rotate NAME --installed ${directory}
      npm run broker-config -- revoke NAME --installed ${directory}

  A reload ends the connections of whoever is gone or has a new password. In a cluster copy \`users.conf\` to each node and reload each.
- Other rights: change \`roles.yaml\`, \`install\` again (passwords are kept), \`nats-server --signal reload=${data}/nats-server.pid\`.
  **A user whose rights only shrink keeps its QoS 1 subscriptions** until it connects again: \`rotate\` puts it out.

## What this broker cannot do

- **MQTT 3.1.1 alone**, and in 2.9 QoS 0 and 1: a QoS 2 publish ends the connection.
- **A refused PUBLISH is answered like an accepted one.** A refused SUBSCRIBE is answered 0x80.
- **Client ids are free.** Anybody with a password can connect under a device's client id and push that device off; they read
  and write no more than their own rights by it.
- **"Clear retained" cannot be limited to empty payloads.** Who has it may write any payload where devices write.
- **Sessions have no end** in 2.9: give the page no "Queue while away" here (\`persistent\` in \`config.json\`), or remove the
  streams of abandoned sessions by hand.
- **Topics with \`.\` or a space** end the connection. \`roles.yaml\` refuses both.
- **\`max_payload\` is not enforced on MQTT** in 2.9. The page reads at most what it is told to; devices have to be trusted there.
- **Shared subscriptions** are accepted and deliver nothing.
- Right after one of three nodes died, another may refuse a SUBSCRIBE for some seconds. The page asks again.
- A user without any right to publish is written with the only \`deny\` in these files (\`deny: [">"]\`, everything), because an empty
  list would be no limit. A \`deny\` beside an \`allow\` leaks \`${root}\` messages before 2.12.12 and is never written.
`;
}
