import type { Policy } from '../../src/model/policy.ts';
import type { Target } from '../target.ts';
import { FRONTED, type FrontedBroker } from './front/brokers.ts';
import { PAGE_HEADERS } from './front/page-headers.ts';
import { frontReadme } from './front/readme.ts';
import { siteOf, type Site } from './front/site.ts';

/** nginx in front of a broker: TLS, the page, and the WebSocket with an origin check and connection limits. */
export const target = {
  name: 'nginx',
  title: 'nginx in front',
  compile(policy, options) {
    const site = siteOf(options, '/etc/ssl/private');
    return [
      ...FRONTED.map((broker) => ({ path: `${broker.name}.conf`, text: conf(policy, site, broker) })),
      { path: 'README.md', text: frontReadme(policy, site, NGINX) },
    ];
  },
} satisfies Target;

function conf({ limits, origins, principals }: Policy, site: Site, broker: FrontedBroker): string {
  const people = principals.filter(({ id }) => id === undefined).length;
  const headers = PAGE_HEADERS.map(([name, value]) => `  add_header ${name} "${value}" always;`).join('\n');
  const at = site.address.includes(':') ? `[${site.address}]:${site.port}` : `${site.address}:${site.port}`;
  return `# Generated from roles.yaml by "npm run broker-config": the page and ${broker.name} under one name.
# Belongs in the "http" part: Debian reads /etc/nginx/conf.d/*.conf there.

map $http_upgrade $telltale_connection { default upgrade; '' close; }

# A browser always says whose page it is; who says nothing is no browser. A page of this host may connect, and these may.
map "$scheme://$http_host|$http_origin" $telltale_foreign {
  default 1;
  "~\\|$" 0;
  "~^([^|]+)\\|\\1$" 0;
${origins.map((origin) => `  "~\\|${origin.replaceAll('.', '\\.')}$" 0;\n`).join('')}}

# Not by their address alone: a plant behind one router is one address. ${people} people are in the policy.
limit_conn_zone $binary_remote_addr zone=telltale_address:10m;
limit_conn_zone $server_name zone=telltale_all:1m;
limit_req_zone $binary_remote_addr zone=telltale_attempts:10m rate=20r/s;

server {
  listen ${at} ssl;
  server_name _;
  ssl_certificate ${site.certificate};
  ssl_certificate_key ${site.key};
  ssl_protocols TLSv1.2 TLSv1.3;
  server_tokens off;
  root ${site.page};
  index index.html;
  gzip on;
  gzip_types text/css text/javascript application/javascript application/json application/manifest+json image/svg+xml;

${headers}
  add_header Cache-Control $telltale_cache always;

  location / { try_files $uri $uri/ =404; }

  location = /mqtt {
    if ($telltale_foreign) { return 403; }
    limit_conn telltale_address ${Math.min(limits.connections, 200)};
    limit_conn telltale_all ${limits.connections};
    limit_req zone=telltale_attempts burst=100 nodelay;
    proxy_pass http://127.0.0.1:${site.broker ?? broker.port}${broker.path};
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $telltale_connection;
    proxy_set_header Host $http_host;
    # Looked at above; a broker with a list of its own does not know the name of this host.
    proxy_set_header Origin "";
    # Above the page's keepalive of 15 s and a device's usual 60 s.
    proxy_read_timeout 100s;
    proxy_send_timeout 100s;
    proxy_buffering off;
  }
}

# Names with a hash in them never change; everything else is asked for again, config.json and sw.js before all.
# A name that is not there yet, in the middle of a deployment, is not to be remembered as gone.
map "$status $uri" $telltale_cache {
  default "no-cache";
  "~^(200|206|304) (/.*)?/assets/" "public, max-age=31536000, immutable";
}
types { application/manifest+json webmanifest; }
`;
}

const NGINX = {
  title: 'nginx',
  install: 'apt-get install nginx',
  copy: (broker: string) => `cp broker-config/generated/nginx/${broker}.conf /etc/nginx/conf.d/telltale.conf`,
  check: 'nginx -t && systemctl reload nginx',
  tried: 'nginx 1.22.1 with these files is run by the tests.',
  limits: `- Port 80 is left alone: on Debian \`http://HOST/\` stays the welcome page of nginx. To lead it here, put
  \`return 301 https://$host$request_uri;\` into the \`server\` of \`/etc/nginx/sites-available/default\`, in place of its \`location /\`.
- \`limit_conn\` counts connections by address (200) and altogether; who is over it gets 503, which a browser shows as a connection
  that failed.
- A reload keeps open WebSockets on the old worker until they end: a changed limit counts for new ones.`,
};
