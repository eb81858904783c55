import { brokerTruth } from '../broker-truth.ts';
import type { CauseName, ConnectFinding, Findings } from './findings.ts';
import { hostOf, isLocal, isLoopback } from './host.ts';
import { USUAL_PATHS } from './usual-paths.ts';

/** A page that came over TLS may not open a socket without, except to its own machine. */
export function isMixedContent({ endpoint, page }: Findings): boolean {
  return page.startsWith('https:') && endpoint.startsWith('ws:') && !isLoopback(hostOf(endpoint) ?? '');
}

/** Likely causes in order, from what was found. Each is either proven by a finding or the likeliest that is left. */
export function likelyCauses(findings: Findings): readonly CauseName[] {
  const host = hostOf(findings.endpoint);
  if (host === undefined || findings.handshake === 'blocked') {
    return host !== undefined && isMixedContent(findings) ? ['mixed-content'] : ['bad-address'];
  }
  if (isMixedContent(findings)) return ['mixed-content'];
  if (findings.handshake === 'answers') return onceOpen(findings);
  if (!findings.online && !isLoopback(host)) return ['offline'];
  return findings.handshake === 'silent' ? whenSilent(findings) : whenClosed(findings, host);
}

function whenSilent({ reach }: Findings): readonly CauseName[] {
  return reach === 'answers' ? ['proxy', 'not-websocket'] : ['nothing-answers', 'port-closed'];
}

/** The handshake failed at once, and a browser does not say why. */
function whenClosed(findings: Findings, host: string): readonly CauseName[] {
  const { otherSubprotocols, otherPaths, otherScheme, reach, workedBefore, endpoint } = findings;
  if (otherPaths?.length) return ['path'];
  if (otherSubprotocols?.length) return ['subprotocol'];
  if (otherScheme) return ['scheme'];
  // Somebody answers there, over TLS where there is any: neither the port nor the certificate is to blame.
  if (reach === 'answers') return whenAnswered(findings);
  if (reach === 'silent') return ['nothing-answers', 'port-closed'];
  const secure = endpoint.startsWith('wss:');
  const silent: readonly CauseName[] = !secure
    ? ['port-closed', 'scheme', 'origin']
    : workedBefore
      ? ['port-closed', 'certificate', 'origin']
      : ['certificate', 'port-closed', 'origin'];
  return needsPermission(findings, host)
    ? ['local-network', ...silent]
    : findings.localNetwork === undefined && isFromOutside(findings, host)
      ? [...silent, 'local-network']
      : silent;
}

/** A page out of the internet that reaches into a local network. */
function isFromOutside({ page }: Findings, host: string): boolean {
  return isLocal(host) && !isLocal(hostOf(page) ?? '');
}

function needsPermission(findings: Findings, host: string): boolean {
  const { localNetwork } = findings;
  return isFromOutside(findings, host) && (localNetwork === 'denied' || localNetwork === 'prompt');
}

/** The host answers to a plain request, and no WebSocket opens on any usual path. */
function whenAnswered({ endpoint, kind, status }: Findings): readonly CauseName[] {
  // Only the server that the page itself came from tells a page its status.
  if (status !== undefined && status >= 500) return ['gateway', 'not-websocket'];
  if (status === 403) return ['origin', 'path'];
  if (status !== undefined) return status === 404 ? ['path', 'not-websocket'] : ['not-websocket', 'path'];
  const isUsual = USUAL_PATHS[kind ?? 'other'].includes(new URL(endpoint).pathname);
  return isUsual
    ? ['origin', 'path', 'not-websocket', 'gateway']
    : ['path', 'origin', 'not-websocket', 'gateway'];
}

function onceOpen(findings: Findings): readonly CauseName[] {
  const { connects = [], subscribe, takenOver, kind } = findings;
  const connected = connects.find(({ outcome }) => outcome === 'connected');
  if (connected) {
    if (subscribe === 'refused' || subscribe === 'closed') return ['acl'];
    if (subscribe === 'silent') return ['server-busy', 'acl'];
    if (takenOver) return ['client-id-taken'];
    const filters = brokerTruth(kind, connected.protocol).granted === 'may-filter';
    return filters ? ['nothing-wrong', 'acl-filtered'] : ['nothing-wrong'];
  }
  // A broker that declined one version was asked in the other: the last answer is the one that counts.
  const last = connects.at(-1);
  return last ? (refusedBecause(last) ?? untold(last)) : ['not-signed-in'];
}

/** Mosquitto and NATS answer "not authorized" to a wrong password: they do not tell a stranger which of both is wrong. */
const CONNACKS: readonly (readonly [causes: readonly CauseName[], codes: readonly number[]])[] = [
  [['protocol'], [0x01, 0x84]],
  [
    ['client-id', 'not-allowed'],
    [0x02, 0x85],
  ],
  [
    ['credential', 'not-allowed'],
    [0x04, 0x05, 0x86, 0x87, 0x8c],
  ],
  [['server-busy'], [0x03, 0x88, 0x89, 0x97, 0x9f]],
];

/** What a broker says when it lets nobody in; research/brokers.md, section 1, "Auth failure". */
function refusedBecause({ connack, close, protocol }: ConnectFinding): readonly CauseName[] | undefined {
  if (connack !== undefined)
    return CONNACKS.find(([, codes]) => codes.includes(connack))?.[0] ?? ['not-allowed'];
  if (close === undefined) return undefined;
  // RabbitMQ: 1002 "unauthenticated"; NATS: 1008 "Authentication Failure".
  if (/authenti|authoriz/i.test(close.reason)) return ['credential', 'not-allowed'];
  if (close.code === 1008 && close.reason !== '') return ['server-busy'];
  // NATS and RabbitMQ decline MQTT 5 this way.
  if (protocol === 5 && (close.code === 1002 || close.code === 1011)) return ['protocol'];
  return undefined;
}

/** The socket opens, and nobody says anything of use: a broker elsewhere, or none. */
function untold({ outcome }: ConnectFinding): readonly CauseName[] {
  return outcome === 'silent' ? ['not-mqtt', 'server-busy'] : ['closed-on-connect', 'not-mqtt', 'credential'];
}
