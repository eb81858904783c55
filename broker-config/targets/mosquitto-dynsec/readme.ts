import type { Policy } from '../../../src/model/policy.ts';
import type { MosquittoOptions } from '../mosquitto/conf.ts';
import { CONTROL_USER } from './document.ts';

/** The page that an administrator reads beside the files. */
export function readme(_policy: Policy, { directory, data, host, port, wsPort }: MosquittoOptions): string {
  return `# Mosquitto with dynamic security

Generated from \`broker-config/roles.yaml\` by \`npm run broker-config\`; change that file, not these. Run by the tests, every
row of \`expected.json\`: Mosquitto 2.0.11. Take it in place of \`acl_file\` when people and devices come and go while the broker runs.

| file | what it is |
|---|---|
| \`mosquitto.conf\` | TCP on ${host}:${port} for devices, WebSocket on 127.0.0.1:${wsPort} for the page |
| \`dynamic-security.json\` | users, roles and rights; here without passwords, so nobody can sign in |

## Install on Debian

Each command is for root, in a checkout of Telltale on this machine (the folder with \`package.json\`), after \`npm ci\`. That needs Node
20.19 or newer, from nodejs.org; Debian 12's own is 18.

    apt-get install mosquitto
    mv ${directory}/mosquitto.conf ${directory}/mosquitto.conf.debian
    npm run broker-config -- install --target mosquitto-dynsec --out ${directory} --data ${data}
    install -o mosquitto -g mosquitto -m 600 ${directory}/dynamic-security.json ${data}/
    systemctl restart mosquitto

The plugin writes \`${data}/dynamic-security.json\` itself, so the file and its folder belong to \`mosquitto\`. On a machine that is not
amd64 the path of the plugin in \`mosquitto.conf\` is another: \`find / -name mosquitto_dynamic_security.so\`.

## Change, reload, revoke

- Somebody more, somebody less, a new password, while it runs and with nobody else disturbed:

      npm run broker-config -- add NAME --role ROLE --installed ${directory} --apply
      npm run broker-config -- rotate NAME --installed ${directory} --apply
      npm run broker-config -- revoke NAME --installed ${directory} --apply

  \`--apply\` speaks to the plugin as \`${CONTROL_USER}\`, whose password it takes from \`credentials.json\`, or from the variable
  \`TELLTALE_CONTROL_PASSWORD\` once that file is gone: keep this one.
- Other rights: change \`roles.yaml\`, \`install\` again (passwords are kept), then give the plugin the new file. It reads it at its
  start alone:

      systemctl stop mosquitto
      install -o mosquitto -g mosquitto -m 600 ${directory}/dynamic-security.json ${data}/
      systemctl start mosquitto

- While it runs, \`mosquitto_ctrl -u ${CONTROL_USER} dynsec …\` changes single rights (\`deleteClient NAME\` revokes and puts out at once). The
  password of \`${CONTROL_USER}\` is in \`credentials.json\` beside the others. Say the same in \`roles.yaml\`, or the next \`install\` undoes it.

## What this broker cannot do

- **Over MQTT 3.1.1 a refused PUBLISH is answered like an accepted one.** A refused SUBSCRIBE is answered 0x80, or 0x87 in MQTT 5.
- **Client ids are bound for devices.** A device signs in with its own alone; a person's sign-in may still take it on the
  WebSocket listener, and pushes the device off by it; what waits for the device may be lost.
- **"Clear retained" cannot be limited to empty payloads.** Who has it may write any payload where devices write.
- **Large messages are slow on WebSocket** before 2.1: from 4 KB on about 40 KB/s. \`max_packet_size\` and \`max_connections\` are not
  enforced on a WebSocket listener.
- **No Origin check and no rate limit**: the web server in front does those.
`;
}
