import type { Policy } from '../../../src/model/policy.ts';
import type { NatsOptions } from './conf.ts';

/** The page that an administrator reads beside the files. */
export function readme(policy: Policy, { directory, data, port, wsPort }: NatsOptions): string {
  const root = policy.roots[0] ?? 'devices';
  return `# NATS

Generated from \`broker-config/roles.yaml\` by \`npm run broker-config\`; change that file, not these. Run by the tests: one
server with every row of \`expected.json\`, and a cluster whose gateway is killed. NATS 2.9.10.

| file | what it is |
|---|---|
| \`nats-server.conf\` | one server: MQTT on port ${port} for devices, WebSocket on 127.0.0.1:${wsPort}/mqtt for the page |
| \`cluster/store-1.conf\` … \`store-3.conf\` | JetStream on each of three machines |
| \`cluster/gateway-1.conf\` … \`gateway-3.conf\` | MQTT and WebSocket without JetStream: where devices and pages connect |
| \`cluster/routes.conf\` | where the stores are (put their names in place of \`nats-N.example\`), and the password of the servers among themselves |
| \`users.conf\` | who may read and write what; here without passwords, so NATS refuses to start with it |

## Install

Each command is for root, in a checkout of Telltale on this machine (the folder with \`package.json\`), after \`npm ci\`. That needs Node
20.19 or newer, from nodejs.org; Debian 12's own is 18.

    apt-get install nats-server
    npm run broker-config -- install --target nats --out ${directory} --data ${data}
    chown -R nats: ${directory} ${data}
    nats-server -c ${directory}/nats-server.conf

\`install\` makes the passwords, hashes them with bcrypt into \`users.conf\` and leaves the plain ones once in
\`credentials.json\` (mode 600). Then publish what each sign-in may do (the retained state of a cluster is one, any gateway will do):

    npm run broker-config -- publish --broker mqtt://127.0.0.1:${port} --username admin --password …

In the page's \`config.json\`: \`"kind": "nats"\`, and in a cluster the addresses of all gateways in \`urls\`; the path is \`/mqtt\`.

## A cluster

Two kinds of servers: three **stores** keep what is retained and who has a session, **gateways** have the connections. Copy
\`cluster/store-N.conf\`, and \`cluster/gateway-N.conf\` where a gateway is to run, with the same \`users.conf\` and \`routes.conf\` (mode 600, both) in the same folder, and
start \`nats-server -c …\` for each. Better on machines of their own; beside a store it works as well, and then the end of the machine
is the end of both. Ports 6222 (stores) and 6223 (gateways) are for these machines alone: close them to everybody else. A server that does not know
the password in \`routes.conf\` is turned away there; it crosses the network readable, so keep that network your own. To change it,
take its line out of \`passwd\`, \`install\` again, copy the file to all and start them all anew.

- **A gateway ends** (\`kill -9\`): a page with the addresses of the others is live on one of them within 5 s, measured at about
  one in the page, its readings after one to five.
- **A store ends**: if it led streams of MQTT, who comes or asks for something waits until the others have elected another, and
  readings stop as long, measured at eight seconds. Who publishes at QoS 1 meanwhile is put out and has to come again.
- **Maintenance of a store**: \`nats-server --signal ldm=${data}/nats-server.pid\` on its machine hands its streams over before it
  ends: others came in within a fifth of a second and readings stopped for at most four seconds.
- **Two of three stores end**: nobody gets in, and nothing at QoS 1 is acknowledged, until one is back.
- With MQTT on the stores themselves, as NATS's own examples have it, the end of one was measured at up to 12 s without a link and 26 s
  without readings: NATS 2.9 elects a new leader of the streams in some eight seconds, and a CONNECT or SUBSCRIBE waits for it.

## Change, reload, revoke

- Somebody more, somebody less, a new password, each with \`--apply\` to have it done at once on this machine, or without to be
  told what to run:

      npm run broker-config -- add NAME --role ROLE --installed ${directory}
      npm run broker-config -- rotate NAME --installed ${directory}
      npm run broker-config -- revoke NAME --installed ${directory}

  A reload ends the connections of whoever is gone or has a new password. In a cluster copy \`users.conf\` beside each server's file and reload
  each; a gateway's pid is in \`${data}/nats-gateway.pid\`.
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
- After a store of a cluster died, a CONNECT or SUBSCRIBE may wait or be refused until the others have elected who leads the streams
  of MQTT. The page asks again until it is granted. Devices need the same patience.
- A user without any right to publish is written with the only \`deny\` in these files (\`deny: [">"]\`, everything), because an empty
  list would be no limit. A \`deny\` beside an \`allow\` leaks \`${root}\` messages before 2.12.12 and is never written.
`;
}
