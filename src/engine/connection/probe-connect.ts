import type { BrokerProfile, Credential } from '../../model/broker.ts';
import type { ConnectFinding, Findings } from '../../model/doctor/findings.ts';
import type { Clock } from '../time/clock.ts';
import { Redeliveries } from './redeliveries.ts';
import type { LoadMqtt } from './load-mqtt.ts';
import type { Ending } from './refusal.ts';
import { CONNECT_TIMEOUT_MS, openSession, type OpenResult } from './session.ts';
import type { OpenSocket } from './socket.ts';
import { Traffic } from './traffic.ts';

const SUBACK_MS = 5_000;

export interface ConnectProbe {
  readonly openSocket: OpenSocket;
  readonly loadMqtt: LoadMqtt;
  readonly clock: Clock;
  readonly endpoint: string;
  readonly profile: BrokerProfile;
  readonly credential: Credential;
  /** Of its own: the link's would throw the link off. */
  readonly clientId: string;
}

/** Signs in as the link would, asks for the state of all devices, and leaves. */
export async function probeConnect(
  probe: ConnectProbe,
): Promise<Required<Pick<Findings, 'connects'>> & Pick<Findings, 'subscribe'>> {
  const connects: ConnectFinding[] = [];
  const { protocol: fixed } = probe.profile;
  for (const protocol of fixed === undefined ? ([5, 4] as const) : [fixed]) {
    let over: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (over = resolve));
    const begunAt = probe.clock.elapsed();
    const result = await openOnce(probe, protocol, over);
    if (result.ok) {
      connects.push({ protocol, outcome: 'connected' });
      const subscribe = await trySubscription(probe, result, ended);
      result.session.end();
      return { connects, subscribe };
    }
    const found = findingOf(result.ending, protocol, probe.clock.elapsed() - begunAt);
    connects.push(found);
    // Only a broker that declines the version has more to say to the other one.
    if (found.outcome === 'silent' || result.ending.cause !== 'protocol') break;
  }
  return { connects };
}

function openOnce(
  { openSocket, loadMqtt, clock, endpoint, profile, credential, clientId }: ConnectProbe,
  protocol: 4 | 5,
  onEnd: () => void,
): Promise<OpenResult> {
  return openSession({
    endpoint,
    protocol,
    subprotocol: profile.subprotocol,
    clientId,
    credential,
    keep: 0,
    afresh: true,
    redeliveries: new Redeliveries(),
    traffic: new Traffic(),
    keepalive: 60,
    openSocket,
    loadMqtt,
    signal: new AbortController().signal,
    now: () => clock.now(),
    onMessage: (_topic, _payload, _meta, acknowledge) => acknowledge?.(),
    onTooLarge: (_topic, _bytes, acknowledge) => acknowledge?.(),
    onHeard: () => undefined,
    onEnd,
  });
}

function findingOf({ connack, close }: Ending, protocol: 4 | 5, took: number): ConnectFinding {
  if (connack !== undefined) return { protocol, outcome: 'refused', connack };
  // What closes it then is our own patience.
  if (took >= CONNECT_TIMEOUT_MS) return { protocol, outcome: 'silent' };
  return { protocol, outcome: 'closed', ...(close && { close }) };
}

async function trySubscription(
  { clock, profile }: ConnectProbe,
  { session }: Extract<OpenResult, { ok: true }>,
  ended: Promise<void>,
): Promise<Findings['subscribe']> {
  let cancel: () => void = () => undefined;
  const silent = new Promise<'silent'>(
    (resolve) => (cancel = clock.after(SUBACK_MS, () => resolve('silent'))),
  );
  const answer = session.subscribe([`${profile.root}/+/status`], 1).then(
    ([code = 0x80]) => (code < 0x80 ? 'granted' : 'refused'),
    () => 'closed' as const,
  );
  const found = await Promise.race([answer, ended.then(() => 'closed' as const), silent]);
  cancel();
  return found;
}
