import type { DiagnoseRequest } from '../engine-api/calls.ts';
import { isMixedContent } from '../model/doctor/causes.ts';
import { diagnose } from '../model/doctor/diagnose.ts';
import type { Diagnosis, Findings, Reached } from '../model/doctor/findings.ts';
import { hostOf, isLoopback } from '../model/doctor/host.ts';
import { otherPaths } from '../model/doctor/usual-paths.ts';
import { probeConnect } from './connection/probe-connect.ts';
import { probeSocket } from './connection/probe-socket.ts';
import { newClientId } from './history/new-client-id.ts';
import type { World } from './world/world.ts';

const PATIENCE_MS = 5_000;
/** A server that has just failed a handshake at once fails the next one as fast. */
const AGAIN_MS = 2_500;
/** More addresses than this are of one cluster, and wait for the same reason. */
const MAX_ENDPOINTS = 3;

type DoctorWorld = Pick<World, 'openSocket' | 'loadMqtt' | 'clock' | 'random' | 'network'>;

/** Checks each address of a broker step by step. The link, if there is one, goes on meanwhile. */
export function examine(world: DoctorWorld, request: DiagnoseRequest): Promise<readonly Diagnosis[]> {
  const endpoints = request.profile.urls.slice(0, MAX_ENDPOINTS);
  return Promise.all(endpoints.map(async (endpoint) => diagnose(await findings(world, request, endpoint))));
}

async function findings(world: DoctorWorld, request: DiagnoseRequest, endpoint: string): Promise<Findings> {
  const { profile, username, page, workedBefore, takenOver } = request;
  const { kind, root, protocol, subprotocol } = profile;
  const known: Findings = {
    endpoint,
    page,
    root,
    workedBefore,
    takenOver,
    online: world.network.online(),
    localNetwork: await world.network.localNetwork(),
    ...(kind && { kind }),
    ...(username !== undefined && { username }),
    ...(protocol && { protocol }),
    ...(subprotocol !== undefined && { subprotocol }),
  };
  // A browser refuses both by itself, and writes an error into its console for it.
  if (hostOf(endpoint) === undefined || isMixedContent(known)) return known;
  const [reached, handshake] = await Promise.all([
    reach(world, endpoint),
    open(world, endpoint, subprotocol, PATIENCE_MS),
  ]);
  const found = { ...known, ...reached, handshake };
  if (handshake === 'answers') return { ...found, ...(await signIn(world, request, endpoint)) };
  return handshake === 'fails' && reached.reach !== 'silent'
    ? { ...found, ...(await elsewhere(world, found)) }
    : found;
}

function open(
  { openSocket, clock }: DoctorWorld,
  url: string,
  subprotocol: string | undefined,
  ms: number,
): Promise<Reached | 'blocked'> {
  const offered = subprotocol === '' ? [] : [subprotocol ?? 'mqtt'];
  return probeSocket(openSocket, clock, url, offered, ms);
}

async function reach(
  { network, clock }: DoctorWorld,
  endpoint: string,
): Promise<Pick<Findings, 'reach' | 'status'>> {
  const patience = new AbortController();
  const cancel = clock.after(PATIENCE_MS, () => patience.abort());
  try {
    const status = await network.ask(endpoint.replace(/^ws/, 'http'), patience.signal);
    return { reach: 'answers', ...(status !== undefined && { status }) };
  } catch {
    return { reach: patience.signal.aborted ? 'silent' : 'fails' };
  } finally {
    cancel();
  }
}

async function signIn(
  world: DoctorWorld,
  { profile, credential }: DiagnoseRequest,
  endpoint: string,
): Promise<Partial<Findings>> {
  if (!credential) return {};
  const { openSocket, loadMqtt, clock, random } = world;
  return probeConnect({
    openSocket,
    loadMqtt,
    clock,
    endpoint,
    profile,
    credential,
    clientId: newClientId(random),
  });
}

/** Looks for the way in beside the one that failed: one at a time, as browsers open sockets to one host anyway. */
async function elsewhere(
  world: DoctorWorld,
  { endpoint, page, subprotocol }: Findings,
): Promise<Pick<Findings, 'otherPaths' | 'otherSubprotocols' | 'otherScheme'>> {
  const opens = async (url: string, offered = subprotocol) =>
    (await open(world, url, offered, AGAIN_MS)) === 'answers';
  const url = new URL(endpoint);
  const paths: string[] = [];
  for (const path of otherPaths(url.pathname)) {
    if (await opens(`${url.protocol}//${url.host}${path}`)) paths.push(path);
  }
  const subprotocols: string[] = [];
  for (const offered of ['mqtt', 'mqttv3.1', '']) {
    if (offered !== (subprotocol ?? 'mqtt') && (await opens(endpoint, offered))) subprotocols.push(offered);
  }
  const isSecure = url.protocol === 'wss:';
  const maySwap = !isSecure || page.startsWith('http:') || isLoopback(hostOf(endpoint) ?? '');
  const swapped = endpoint.replace(/^wss?:/, isSecure ? 'ws:' : 'wss:');
  // The page itself came from there without TLS.
  const isPlain = isSecure && page === `http://${url.host}`;
  const scheme = isPlain || (paths.length + subprotocols.length === 0 && maySwap && (await opens(swapped)));
  return { otherPaths: paths, otherSubprotocols: subprotocols, otherScheme: scheme };
}
