import { reasonCodeText, socketCloseText } from '../reason-code.ts';
import type { Cause, CauseName, ConnectFinding, Findings } from './findings.ts';
import { USUAL_PATHS } from './usual-paths.ts';

/** The name of a broker's kind, where that is known. */
const KIND_NAMES: Record<string, string> = {
  aedes: 'aedes',
  mosquitto: 'Mosquitto',
  nats: 'NATS',
  rabbitmq: 'RabbitMQ',
  emqx: 'EMQX',
  hivemq: 'HiveMQ',
  aws: 'AWS IoT Core',
};

/** What one end said, in its own terms; empty when it said nothing. */
export function saidText({ connack, close }: ConnectFinding): string {
  if (connack !== undefined) return reasonCodeText('CONNACK', connack);
  return close ? socketCloseText(close.code, close.reason) : '';
}

/** A cause in words. */
export function causeText(name: CauseName, findings: Findings): Cause {
  return { name, ...TEXTS[name](findings) };
}

type Text = Omit<Cause, 'name'>;

const at = ({ endpoint }: Findings) => new URL(endpoint);
const web = (findings: Findings) => `${secure(findings) ? 'https' : 'http'}://${at(findings).host}/`;
const said = ({ connects = [] }: Findings) => connects.map(saidText).findLast((text) => text !== '') ?? '';

const TEXTS: Record<CauseName, (findings: Findings) => Text> = {
  'bad-address': ({ endpoint }) => ({
    title: `"${endpoint}" is not an address that this browser can open.`,
    fix: 'Write it as wss://host/path or ws://host:port/path. Browsers keep some ports of other services for themselves.',
  }),
  'mixed-content': (findings) => ({
    title: 'A page that came over https:// may not open a ws:// address.',
    fix: `Give the broker a certificate and use ${findings.endpoint.replace(/^ws:/, 'wss:')}, for instance behind nginx or Caddy; or serve this page over http:// in the broker's own network.`,
  }),
  offline: () => ({
    title: 'This device has no network.',
    fix: 'Connect it to one. What this browser remembers stays readable.',
  }),
  'local-network': (findings) => ({
    title: 'The browser keeps this page out of the local network.',
    fix: `${at(findings).hostname} is in a local network and this page is not. Allow "Local network access" for this site in the browser's address bar, and in the settings of the operating system.`,
  }),
  'nothing-answers': (findings) => ({
    title: `Nothing comes back from ${at(findings).host}.`,
    fix: 'Packets vanish on the way: check the host name, that you are in the right network or VPN, and that no firewall drops the port.',
  }),
  'port-closed': (findings) => ({
    title: `Nothing listens at ${at(findings).host}, or the name is not known.`,
    fix: `Check that the broker runs, that its WebSocket listener is on, and its host name and port ${portOf(findings)}. The port of plain MQTT (1883, 8883) does not answer browsers.`,
  }),
  certificate: (findings) => ({
    title: `This browser does not trust the certificate of ${at(findings).host}.`,
    fix: 'A page is not told more. Open the address in a new tab: a warning means the certificate (self-signed, out of date, or for another name), and accepting it there lets this page in, too; "cannot be reached" means the port or the name.',
    open: web(findings),
  }),
  scheme: (findings) => ({
    title: findings.otherScheme
      ? `The listener speaks ${secure(findings) ? 'plain WebSocket, without TLS' : 'TLS'}.`
      : 'The listener may speak TLS.',
    fix: `Use ${findings.endpoint.replace(/^wss?:/, secure(findings) ? 'ws:' : 'wss:')}.`,
  }),
  path: (findings) => pathText(findings),
  subprotocol: ({ subprotocol, otherSubprotocols = [] }) => ({
    title: `The server does not take the subprotocol "${subprotocol ?? 'mqtt'}".`,
    fix: `It opens with ${otherSubprotocols.map((name) => (name === '' ? 'none' : `"${name}"`)).join(' and with ')}. ${
      otherSubprotocols.includes('mqtt')
        ? 'Take "subprotocol" out of the profile in config.json.'
        : `Set "subprotocol" in the profile in config.json, or have the server answer "mqtt" (MQTT, section 6).`
    }`,
  }),
  origin: ({ page, endpoint }) => ({
    title: `The server answers, but does not let a page from ${page} open a WebSocket.`,
    fix: `Add ${page} to the origins that it allows: "origins" in roles.yaml, allowed_origins in NATS, the Origin check of nginx or Caddy. A page is not told whether it was that; the server's log at ${new URL(endpoint).host} says 403.`,
  }),
  'not-websocket': (findings) => ({
    title: `What answers at ${at(findings).host} may not be the broker's WebSocket listener.`,
    fix: 'Check the port, and that a proxy in front of the broker passes the Upgrade header on.',
    open: web(findings),
  }),
  proxy: (findings) => ({
    title: `${at(findings).host} answers, but holds the WebSocket back.`,
    fix: 'A proxy in between may not pass the Upgrade header on, or the broker behind it hangs. Look at its log.',
  }),
  gateway: (findings) => ({
    title: `${at(findings).host} answers, but the broker behind it may be down.`,
    fix: 'The proxy in front cannot hand the connection on: check that the broker runs, and the address that the proxy has of it (proxy_pass in nginx, reverse_proxy in Caddy).',
  }),
  'not-mqtt': (findings) => ({
    title: 'A WebSocket opens, but nobody speaks MQTT on it.',
    fix: `Check the path ${at(findings).pathname} and the port: another service may listen there. Mosquitto is silent when no subprotocol is offered.`,
  }),
  credential: (findings) => ({
    title: `The broker did not accept the password of ${findings.username ?? 'this sign-in'}.`,
    fix: `${said(findings) === '' ? '' : `It said: ${said(findings)}. `}Check the name and the password, capitals too; the broker does not tell which of both is wrong.`,
  }),
  'not-allowed': (findings) => ({
    title: 'The sign-in is right, but may not connect from here.',
    fix: `${said(findings) === '' ? '' : `It said: ${said(findings)}. `}It may be switched off, bound to a client id, or kept to other listeners. Ask the administrator.`,
  }),
  'client-id': (findings) => ({
    title: `The broker did not accept this browser's client id.`,
    fix: `It said: ${said(findings)}. A sign-in that is bound to one client id, as a device's is, cannot be used by a browser: ask for one of a person.`,
  }),
  'client-id-taken': () => ({
    title: 'Another client uses the client id of this browser.',
    fix: 'Everything else works. Close the other one (a copy of this browser profile?), or use "Use a new client id" above.',
  }),
  protocol: ({ protocol, connects = [] }) => ({
    title: `The broker does not speak ${connects.map((one) => (one.protocol === 5 ? 'MQTT 5' : 'MQTT 3.1.1')).join(' or ')}.`,
    fix:
      protocol === undefined
        ? 'Use a broker that speaks MQTT 3.1.1 or 5.'
        : `The profile in config.json asks for ${protocol === 5 ? 'MQTT 5' : 'MQTT 3.1.1'} alone: take "protocol" out of it.`,
  }),
  'server-busy': (findings) => ({
    title: 'The broker is there, but takes nobody right now.',
    fix: `${said(findings) === '' ? '' : `It said: ${said(findings)}. `}It may be starting, full, or without its cluster. Try again in a minute, then look at its log and its limits.`,
  }),
  'closed-on-connect': (findings) => ({
    title: 'The broker closed the connection on the sign-in and did not say why.',
    fix: `${said(findings) === '' ? '' : `What is known: ${said(findings)}. `}The broker's log says more. A limit of connections does this, and a proxy that cannot reach the broker.`,
  }),
  acl: ({ username, root, subscribe }) => ({
    title: `${username ?? 'This sign-in'} may connect, but may read nothing under ${root}/.`,
    fix: `The broker ${subscribe === 'closed' ? 'closes the connection on' : 'refuses'} the subscription. Give its role the right to read ${root}/+/status and the like in roles.yaml, or correct "root" in config.json.`,
  }),
  'acl-filtered': ({ root }) => ({
    title: 'If the fleet stays empty, the broker may hold everything back.',
    fix: `This kind of broker can grant a subscription and filter what it delivers. Check the rights to ${root}/, and that "root" in config.json is the devices' own.`,
  }),
  'not-signed-in': () => ({
    title: 'The way to the broker is open; whether it lets you in was not tried.',
    fix: 'Sign in. If that fails, ask here again.',
  }),
  'nothing-wrong': () => ({
    title: 'Nothing is wrong now: the broker lets this page in and grants what it asks for.',
    fix: 'Try again. What was wrong has passed, or comes and goes: the last errors on the Connection page tell since when.',
  }),
};

function secure({ endpoint }: Findings): boolean {
  return endpoint.startsWith('wss:');
}

function portOf(findings: Findings): string {
  return at(findings).port || (secure(findings) ? '443' : '80');
}

function pathText(findings: Findings): Text {
  const { otherPaths = [], kind } = findings;
  const url = at(findings);
  const usual = kind === undefined || kind === 'other' ? [] : USUAL_PATHS[kind];
  const [found = usual[0]] = usual.filter((path) => otherPaths.includes(path)).concat(otherPaths);
  const named = kind === undefined || kind === 'other' ? undefined : KIND_NAMES[kind];
  const whose = named !== undefined && usual.length === 1 ? ` ${named} answers at ${usual[0]} only.` : '';
  return {
    title:
      otherPaths.length > 0
        ? `The path is wrong: nothing opens at ${url.pathname}.`
        : `The path ${url.pathname} may be wrong.`,
    fix:
      found === undefined
        ? `Most brokers answer at /mqtt, RabbitMQ at /ws.`
        : `Use ${url.protocol}//${url.host}${found}${otherPaths.length > 0 ? ', where a WebSocket opens' : ''}.${whose}`,
  };
}
