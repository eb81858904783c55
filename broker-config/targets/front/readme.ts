import type { Policy } from '../../../src/model/policy.ts';
import type { Site } from './site.ts';

/** What differs between two web servers. */
interface Server {
  readonly title: string;
  readonly install: string;
  copy(broker: string): string;
  /** Who reads the key, where that is not root. */
  readonly keyReader?: string;
  readonly check: string;
  readonly tried: string;
  readonly limits: string;
}

/** The page that an administrator reads beside the files of a web server. */
export function frontReadme({ origins, roots }: Policy, site: Site, server: Server): string {
  const [alsoFor, give] =
    server.keyReader === undefined
      ? ['', '']
      : [
          ` ${server.title} runs as the user \`${server.keyReader}\`, to whom the key must belong.`,
          `\n    chown ${server.keyReader}: ${site.key}`,
        ];
  const allowed = origins.length > 0 ? `, and pages of ${origins.join(', ')}` : '';
  return `# ${server.title} in front of the broker

Generated from \`broker-config/roles.yaml\` by \`npm run broker-config\`; change that file, not these. ${server.tried}

One name for the page and the broker: \`https://HOST/\` is the page, \`wss://HOST/mqtt\` the broker, whichever it is. It brings TLS, the
headers that the page wants, and an Origin check: pages of the same host may connect${allowed}. Others are added in \`roles.yaml\`
under \`origins\`.

## Install

The broker comes first. Each command is for root, in a checkout of Telltale on this machine (the folder with \`package.json\`). The build
needs Node 20.19 or newer, from nodejs.org (Debian 12's own is 18): where there is none, build on another machine and copy its \`dist/\` here.

    ${server.install}
    npm ci && npm run build
    mkdir -p ${site.page}
    cp -rT dist ${site.page}
    ${server.copy('mosquitto')}   # or nats, rabbitmq

A certificate and its key belong in \`${site.certificate}\` and \`${site.key}\`: from your authority, or to try it out, one that browsers
warn about; under it the page works, but is not kept for opening without a network.${alsoFor}

    openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN=$(hostname -f)" -addext "subjectAltName=DNS:$(hostname -f)" \\
      -keyout ${site.key} -out ${site.certificate}${give}

Then \`${site.page}/config.json\` names the broker by a relative address, so that the page works under any name of this host (a later copy of \`dist\` brings
the built one back: write it again):

    echo '{"brokers":[{"name":"Plant","kind":"mosquitto","urls":["mqtt"],"root":"${roots[0] ?? 'devices'}"}]}' > ${site.page}/config.json

and it starts with:

    ${server.check}

Open \`https://HOST/\`, with the name of this host, and sign in, as \`admin\` for one, with the password that the broker has for that name.

## Change, reload, revoke

Change \`roles.yaml\` (\`origins\`, \`limits\`), \`npm run broker-config\`, copy the file again, \`${server.check}\`. Nobody signs in here, so
nobody is revoked here: that is the broker's.

## What it cannot do

${server.limits}
- A page that the Origin check refuses sees a connection that failed, and nothing of the reason.
`;
}
