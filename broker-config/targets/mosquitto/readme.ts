import type { Policy } from '../../../src/model/policy.ts';
import type { MosquittoOptions } from './conf.ts';

/** The page that an administrator reads beside the files. */
export function readme(policy: Policy, { directory, data, host, port, wsPort }: MosquittoOptions): string {
  const root = policy.roots[0] ?? 'devices';
  return `# Mosquitto

Generated from \`broker-config/roles.yaml\` by \`npm run broker-config\`; change that file, not these.

| file | what it is |
|---|---|
| \`mosquitto.conf\` | the whole configuration: TCP on ${host}:${port} for devices, WebSocket on 127.0.0.1:${wsPort} for the page |
| \`acl\` | who may read and write what, one stanza for each principal |
| \`passwd\` | not here, because it is secret: made by one of the two ways below |

## Install on Debian

This is the broker; the page, with TLS, comes after it, from \`broker-config/generated/nginx/README.md\`. Each command is for root, in
a checkout of Telltale on this machine (the folder with \`package.json\`), which is needed without Node too.

With Node (20.19 or newer, from nodejs.org; Debian 12's own is 18) at hand, in one step. It makes a password for each principal, hashes it into \`passwd\`, and leaves the plain ones
once in \`credentials.json\` (mode 600): hand them out, then delete that file.

    apt-get install mosquitto mosquitto-clients
    npm ci
    mv ${directory}/mosquitto.conf ${directory}/mosquitto.conf.debian
    npm run broker-config -- install --target mosquitto --out ${directory} --data ${data}
    systemctl restart mosquitto

Without Node, copy the two files and type a password for each \`user\` in \`acl\`, twice:

    apt-get install mosquitto mosquitto-clients
    mv ${directory}/mosquitto.conf ${directory}/mosquitto.conf.debian
    cp broker-config/generated/mosquitto/mosquitto.conf broker-config/generated/mosquitto/acl ${directory}/
    touch ${directory}/passwd
    for name in $(sed -n 's/^user //p' ${directory}/acl); do mosquitto_passwd ${directory}/passwd $name; done
    chown mosquitto: ${directory}/acl ${directory}/passwd
    chmod 600 ${directory}/acl ${directory}/passwd
    systemctl restart mosquitto

Mosquitto drops from root to the user \`mosquitto\` and reads both files again at each reload, so they must belong to it.

Then tell the page what each sign-in may do, now and after each change of the policy, with the admin's password from
\`credentials.json\` (or in the variable TELLTALE_PASSWORD, which no list of processes shows):

    npm run broker-config -- publish --broker mqtt://${host}:${port} --username admin --password …

The same without Node:

    for name in $(sed -n 's/^user //p' ${directory}/acl); do mosquitto_pub -h ${host} -p ${port} -u admin -P … -q 1 -r \\
      -t telltale/policy/$name -f broker-config/generated/policy/$name.json; done

And, once the page stands, see a device appear on it (ID is the username of any device, \`my-board\` for one; its password is in
\`credentials.json\` too):

    mosquitto_pub -h ${host} -p ${port} -u ID -P … -q 1 -r -t ${root}/ID/status -m '{"online":true}'

## Let others reach it

The devices' listener is on ${host}. For devices in the network, give this machine's IP address to \`install\` as \`--host\`,
then \`systemctl restart mosquitto\`; \`add\`, \`rotate\`, \`revoke\` and \`decommission\` keep it, where an address put into
\`mosquitto.conf\` by hand is gone with the next of them. Without TLS
every password crosses the network readable. For the page, leave the WebSocket listener where it is and put a web server
with TLS in front of it (\`broker-config/generated/nginx/README.md\`), which also does what Mosquitto cannot: check the Origin, and limit connections and their rate.

## Change, reload, revoke

- Another role or filter: change \`roles.yaml\`, \`npm run broker-config\`, copy \`acl\`, \`systemctl reload mosquitto\`. Who is
  connected stays so; what they may read and write changes at once. Listeners need a restart instead.
- Somebody more, somebody less, a new password, each with \`--apply\` to have it done at once on this machine, or without to be
  told what to run:

      npm run broker-config -- add NAME --role ROLE --installed ${directory}
      npm run broker-config -- rotate NAME --installed ${directory}
      npm run broker-config -- revoke NAME --installed ${directory}

  The connections of whoever is gone or has a new password end at the reload. After \`add\`, \`publish\` as above.
- A device that is gone for good, with all that is retained under its id (the password as for \`publish\`):

      npm run broker-config -- decommission DEVICE --installed ${directory} --apply --broker mqtt://${host}:${port} --username admin --password …

- Without Node, revoke is: take the stanza out of \`acl\`, \`mosquitto_passwd -D ${directory}/passwd NAME\`, \`systemctl reload
  mosquitto\`. What a revoked device left retained stays visible until it is cleared, topic by topic:
  \`mosquitto_pub -h ${host} -p ${port} -u admin -P … -r -n -t ${root}/ID/status\`.
- A new password without Node: \`mosquitto_passwd ${directory}/passwd NAME\`, reload.

## What this broker cannot do

- **A SUBSCRIBE is never refused.** It is granted and then filtered, message by message. A green answer proves nothing.
- **Over MQTT 3.1.1 a refused PUBLISH is answered like an accepted one.** Over MQTT 5 it is answered "not authorized" at
  QoS 1 and 2, and not at all at QoS 0.
- **A last will to a forbidden topic** is dropped without a word.
- **Client ids on the WebSocket listener are free.** On the TCP listener a client id is the username. On the WebSocket
  listener anybody with a password can connect under a device's client id and push that device off; they cannot read or
  write more than their own rights by it, but what waits for the device may be lost. Dynamic security can bind client ids on both.
- **"Clear retained" cannot be limited to empty payloads.** Who has \`clear_retained\` may write any payload on every topic
  that devices write, so give that role to few.
- **Large messages are slow on WebSocket** before 2.1: from 4 KB on about 40 KB/s, and everything behind them waits. Keep
  messages under 4 KB. \`max_packet_size\` and \`max_connections\` are not enforced on a WebSocket listener.
- **No Origin check and no rate limit**: the web server in front does those.
`;
}
