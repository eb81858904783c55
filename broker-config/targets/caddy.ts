import type { Policy } from '../../src/model/policy.ts';
import type { Target } from '../target.ts';
import { FRONTED, type FrontedBroker } from './front/brokers.ts';
import { PAGE_HEADERS } from './front/page-headers.ts';
import { frontReadme } from './front/readme.ts';
import { siteOf, type Site } from './front/site.ts';

/** Caddy in front of a broker: TLS, the page, and the WebSocket with an origin check. */
export const target = {
  name: 'caddy',
  title: 'Caddy in front',
  compile(policy, options) {
    const site = siteOf(options, '/etc/caddy');
    return [
      ...FRONTED.map((broker) => ({
        path: `${broker.name}.Caddyfile`,
        text: caddyfile(policy, site, broker),
      })),
      { path: 'README.md', text: frontReadme(policy, site, CADDY) },
    ];
  },
} satisfies Target;

function caddyfile({ origins }: Policy, site: Site, broker: FrontedBroker): string {
  const headers = PAGE_HEADERS.map(([name, value]) => `    ${name} "${value}"`).join('\n');
  const listed = origins.map((origin) => `      not header Origin ${origin}\n`).join('');
  return `# Generated from roles.yaml by "npm run broker-config": the page and ${broker.name} under one name.

:${site.port} {
  bind ${site.address}
  # With a name in place of ":${site.port}" and without this line Caddy gets a certificate by itself.
  tls ${site.certificate} ${site.key}
  encode gzip

  handle /mqtt {
    # A browser always says whose page it is; who says nothing is no browser. A page of this host may connect, and these may.
    # Inside "handle": beside it, Caddy would look at it too late.
    @foreign {
      header Origin *
      not expression \`{header.Origin} == "https://" + {http.request.hostport}\`
${listed}    }
    respond @foreign 403
    rewrite * ${broker.path}
    reverse_proxy 127.0.0.1:${site.broker ?? broker.port} {
      # Looked at above; a broker with a list of its own does not know the name of this host.
      header_up -Origin
      flush_interval -1
    }
  }

  header {
${headers}
  }
  @manifest path *.webmanifest
  header @manifest Content-Type "application/manifest+json"
  handle {
    root * ${site.page}
    # Names with a hash in them never change; everything else is asked for again, config.json and sw.js before all. A name
    # that is not there yet, in the middle of a deployment, is not to be remembered as gone.
    @hashed {
      path /assets/*
      file
    }
    # Caddy keeps the order of what stands in a route.
    route {
      header Cache-Control "no-cache"
      header @hashed Cache-Control "public, max-age=31536000, immutable"
      file_server
    }
  }
}
`;
}

const CADDY = {
  title: 'Caddy',
  install: 'apt-get install caddy',
  copy: (broker: string) => `cp broker-config/generated/caddy/${broker}.Caddyfile /etc/caddy/Caddyfile`,
  keyReader: 'caddy',
  check: 'caddy validate --config /etc/caddy/Caddyfile && systemctl reload caddy',
  tried: 'Caddy 2.6.2 with these files is run by the tests.',
  limits: `- **Caddy limits neither connections nor their rate** without a module of its own. Where strangers can reach it, use nginx.
- A reload closes open WebSockets; pages come back by themselves.`,
};
