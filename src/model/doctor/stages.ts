import { isMixedContent } from './causes.ts';
import { saidText } from './cause-texts.ts';
import type { Findings, Stage } from './findings.ts';
import { hostOf } from './host.ts';

/** The checks that were made, in the order in which they build on each other. */
export function stagesOf(findings: Findings): readonly Stage[] {
  return [
    page(findings),
    reach(findings),
    handshake(findings),
    address(findings),
    connect(findings),
    subscribe(findings),
  ];
}

function page(findings: Findings): Stage {
  const { endpoint, page: origin } = findings;
  if (hostOf(endpoint) === undefined)
    return { name: 'page', outcome: 'failed', text: 'The address cannot be read.' };
  return isMixedContent(findings)
    ? { name: 'page', outcome: 'failed', text: `A page from ${origin} may not open ${endpoint}.` }
    : { name: 'page', outcome: 'passed', text: `A page from ${origin} may open ${endpoint}.` };
}

function reach({ reach: reached, handshake: opened, endpoint, status }: Findings): Stage {
  const host = hostOf(endpoint) ?? '';
  const tls = endpoint.startsWith('wss:') ? ', over TLS that this browser trusts' : '';
  switch (reached) {
    case 'answers':
      return {
        name: 'reach',
        outcome: 'passed',
        text: `Somebody answers there${tls}${status === undefined ? '' : ` (HTTP ${status})`}.`,
      };
    case 'fails':
      // Mosquitto's listener hangs up on whatever is no WebSocket.
      return opened === 'answers'
        ? { name: 'reach', outcome: 'passed', text: 'A web request fails, but a WebSocket opens.' }
        : {
            name: 'reach',
            outcome: 'failed',
            text: `A web request to ${host} fails at once: no such name, nothing listens${tls && ', or no trusted certificate'}.`,
          };
    case 'silent':
      return {
        name: 'reach',
        outcome: opened === 'answers' ? 'passed' : 'failed',
        text: `A web request to ${host} gets no answer.`,
      };
    case undefined:
      return { name: 'reach', outcome: 'skipped', text: 'Not tried.' };
  }
}

function handshake({ handshake: opened }: Findings): Stage {
  switch (opened) {
    case 'answers':
      return { name: 'handshake', outcome: 'passed', text: 'A WebSocket opens.' };
    case 'fails':
      return {
        name: 'handshake',
        outcome: 'failed',
        text: 'The WebSocket fails at once. A browser does not say why.',
      };
    case 'silent':
      return { name: 'handshake', outcome: 'failed', text: 'The WebSocket does not open in time.' };
    case 'blocked':
      return {
        name: 'handshake',
        outcome: 'failed',
        text: 'This browser refuses to open a WebSocket to that address.',
      };
    case undefined:
      return { name: 'handshake', outcome: 'skipped', text: 'Not tried.' };
  }
}

function address({ handshake: opened, otherPaths, otherSubprotocols, otherScheme }: Findings): Stage {
  if (opened === 'answers')
    return { name: 'address', outcome: 'passed', text: 'Path and subprotocol are taken.' };
  const found = [
    ...(otherPaths ?? []).map((path) => `at ${path}`),
    ...(otherSubprotocols ?? []).map((name) =>
      name === '' ? 'with no subprotocol' : `with subprotocol "${name}"`,
    ),
    ...(otherScheme ? ['with the other scheme'] : []),
  ];
  if (found.length > 0)
    return { name: 'address', outcome: 'failed', text: `A WebSocket opens ${found.join(', ')} instead.` };
  return otherPaths === undefined
    ? { name: 'address', outcome: 'skipped', text: 'Not tried.' }
    : { name: 'address', outcome: 'unclear', text: 'No usual path and subprotocol opens either.' };
}

function connect({ connects = [], handshake: opened }: Findings): Stage {
  const connected = connects.find(({ outcome }) => outcome === 'connected');
  if (connected) {
    const version = connected.protocol === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
    return { name: 'connect', outcome: 'passed', text: `The broker lets this sign-in in, over ${version}.` };
  }
  const last = connects.at(-1);
  if (!last) {
    const text = opened === 'answers' ? 'Not tried: there is no password to try it with.' : 'Not tried.';
    return { name: 'connect', outcome: 'skipped', text };
  }
  const said = saidText(last);
  if (last.outcome === 'silent')
    return { name: 'connect', outcome: 'failed', text: 'Nobody answers the CONNECT.' };
  return {
    name: 'connect',
    outcome: 'failed',
    text: said === '' ? 'The connection was closed.' : `The answer: ${said}.`,
  };
}

function subscribe({ subscribe: answer, root }: Findings): Stage {
  switch (answer) {
    case 'granted':
      return { name: 'subscribe', outcome: 'passed', text: `The broker grants ${root}/+/status.` };
    case 'refused':
      return { name: 'subscribe', outcome: 'failed', text: `The broker refuses ${root}/+/status.` };
    case 'closed':
      return {
        name: 'subscribe',
        outcome: 'failed',
        text: `The broker closes the connection on ${root}/+/status.`,
      };
    case 'silent':
      return { name: 'subscribe', outcome: 'failed', text: 'The broker does not answer the SUBSCRIBE.' };
    case undefined:
      return { name: 'subscribe', outcome: 'skipped', text: 'Not tried.' };
  }
}
