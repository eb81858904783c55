import type { Policy } from '../../../src/model/policy.ts';
import type { RabbitOptions } from './conf.ts';

/** The page that an administrator reads beside the files. */
export function readme(policy: Policy, { directory, port, wsPort }: RabbitOptions): string {
  const root = policy.roots[0] ?? 'devices';
  return `# RabbitMQ

Generated from \`broker-config/roles.yaml\` by \`npm run broker-config\`; change that file, not these. Run by the tests, every
row of \`expected.json\`: RabbitMQ 3.10.8. For those who have it already; for a new installation take Mosquitto, or NATS for a cluster.

| file | what it is |
|---|---|
| \`rabbitmq.conf\` | MQTT on port ${port} for devices, WebSocket on 127.0.0.1:${wsPort}/ws for the page |
| \`enabled_plugins\` | \`rabbitmq_mqtt\` and \`rabbitmq_web_mqtt\` |
| \`definitions.json\` | users, permissions and topic permissions; here without passwords, so nobody can sign in |

## Install

Each command is for root, in a checkout of Telltale on this machine (the folder with \`package.json\`), after \`npm ci\`. That needs Node
20.19 or newer, from nodejs.org; Debian 12's own is 18.

    apt-get install rabbitmq-server
    npm run broker-config -- install --target rabbitmq --out ${directory}
    chown -R rabbitmq: ${directory}
    systemctl restart rabbitmq-server

\`install\` makes the passwords, hashes them (salted SHA-256, RabbitMQ's own form) into \`definitions.json\` and leaves the plain
ones once in \`credentials.json\` (mode 600). Then publish what each sign-in may do:

    npm run broker-config -- publish --broker mqtt://127.0.0.1:${port} --username admin --password …

In the page's \`config.json\`: \`"kind": "rabbitmq"\`, and an address that ends in \`/ws\`.

## Change, reload, revoke

- Somebody more, somebody less, a new password, each with \`--apply\` to have it done at once on this machine, or without to be
  told what to run:

      npm run broker-config -- add NAME --role ROLE --installed ${directory}
      npm run broker-config -- rotate NAME --installed ${directory}
      npm run broker-config -- revoke NAME --installed ${directory}

- By hand, revoke is \`rabbitmqctl delete_user NAME\`: an import takes nobody away. It ends the connections as well;
  **\`close_all_user_connections\` does not**, it knows of no MQTT connection (3.10). A new password is \`delete_user\` and then the import.
- Other rights: change \`roles.yaml\`, \`install\` again (passwords are kept), \`rabbitmqctl import_definitions
  ${directory}/definitions.json\`. **Who is connected keeps the subscriptions it has**: after taking a right away, \`rabbitmqctl
  delete_user NAME\` before the import.

## What this broker cannot do

- **No retained message for a wildcard.** A page that connects sees devices as they speak, and nothing of those that are
  silent. Retained state is kept by each node for itself.
- **MQTT 3.1.1 alone**; QoS 2 becomes 1.
- **A message above \`max_message_size\`** is dropped, and nothing more of that connection is passed on or acknowledged until it is opened
  again; it stays open without a word. The page says "Sent, not confirmed" of what it sent meanwhile.
- **A cluster that lost its majority lets nobody in**, not even at the node that is left: it keeps the client ids by a majority (Raft),
  and \`rabbitmqctl forget_cluster_node\` while the others are down leaves them in the count. Start the others again; where they are
  gone for good, the node that is left has to be reset (\`rabbitmqctl stop_app\`, \`force_reset\`, \`start_app\`), which loses its users,
  sessions and retained messages: import \`definitions.json\` again. Not run by the tests, which start one node.
- **A refused SUBSCRIBE or PUBLISH ends the connection**, with no answer. So does a wrong password.
- **Client ids are bound only in part.** A device's session, and what waits in it, opens for that device alone. Anybody with a password
  can still connect under its client id, which ends its connection and fires its last will. People and tools connect with the
  client ids that the page, mqtt.js and mosquitto_sub make (\`tt…\`, \`mqttjs_…\`, \`mosq-…\`) or \`telltale-…\`; others may not subscribe.
- **"Clear retained" cannot be limited to empty payloads.** Who has it may write any payload under \`${root}\` where devices write.
- **Topics with \`.\` or \`*\` are rewritten** to \`/\` and \`+\`. \`roles.yaml\` refuses both.
- **No Origin check**: the web server in front does it.
- **Shared subscriptions** are accepted and deliver nothing.
`;
}
