import { networkInterfaces } from 'node:os';
import { PROBE_ID } from '../expected.ts';
import { answers } from './answers.ts';
import type { Peer } from './peer.ts';
import type { Come } from './visit.ts';

/** More than Mosquitto lets wait for a client when nobody told it otherwise (1,000). */
const SNAPSHOT = 2_000;
const LARGE = 65_536;
/** 64 KB at the 40 KB/s of Mosquitto 2.0's own WebSocket take 1.6 s; elsewhere some ms. */
const LARGE_MS = 1_000;
/** A message on its own may take so long; then another is sent after it, which also hurries it. */
const ALONE_MS = 6_000;
/** Above a limit by so much that no header makes the difference. */
const OVER = 1_024;
const UNDER = `elsewhere/${PROBE_ID}/limit`;

/** The topics on which {@link findLimits} leaves something retained. */
export const LIMIT_TOPICS: readonly string[] = Array.from({ length: SNAPSHOT }, (_, i) => `${UNDER}/${i}`);

/**
 * What a live broker silently does not do, a sentence each with what to set; none where nothing was found. `messageBytes` is
 * what a message may have by the policy.
 */
export async function findLimits(
  broker: string,
  messageBytes: number,
  come: Come,
): Promise<readonly string[]> {
  const writer = come();
  return [
    ...(await snapshot(LIMIT_TOPICS, writer, come())),
    ...(await large(writer, come())),
    ...(await tooLarge(messageBytes, writer, come())),
    ...(await otherAddresses(broker)),
  ];
}

async function snapshot(topics: readonly string[], writer: Peer, reader: Peer): Promise<readonly string[]> {
  const payload = `snapshot ${Date.now()}`;
  await Promise.all(topics.map((topic) => writer.publish(topic, payload, true)));
  await reader.subscribe(`${UNDER}/+`);
  await reader.quiet();
  await reader.end();
  const came = reader.topicsOf(payload).size;
  if (came === topics.length) return [];
  if (came === 0) {
    return [
      'Nothing retained comes for a wildcard (RabbitMQ has it so): the page sees a device only when it speaks.',
    ];
  }
  return [
    `Of ${topics.length} retained messages ${came} came: a larger fleet is shown in part. Mosquitto: set "max_queued_messages" above the number of devices.`,
  ];
}

async function large(writer: Peer, reader: Peer): Promise<readonly string[]> {
  const took = await timeOf(LARGE, writer, reader);
  if (took === undefined)
    return [
      'A message of 64 KB did not come: keep messages smaller, or raise the limit of the broker (Mosquitto: "message_size_limit" and "max_packet_size", NATS: "max_payload").',
    ];
  if (took < LARGE_MS) return [];
  return [
    `A message of 64 KB took ${(took / 1000).toFixed(1)} s, ${Math.round(LARGE / took)} KB/s. Mosquitto before 2.1 sends 4 KB each tenth of a second on WebSocket: keep messages under 4 KB, or take 2.1.`,
  ];
}

async function tooLarge(messageBytes: number, writer: Peer, reader: Peer): Promise<readonly string[]> {
  if ((await timeOf(messageBytes + OVER, writer, reader)) === undefined) return [];
  return [
    `A message of ${messageBytes + OVER} bytes came, and the roles file allows ${messageBytes}. Mosquitto 2.0 and NATS 2.9 have nothing to set for it on this listener: trust whoever may publish, and let devices read no more than they can hold.`,
  ];
}

/** How many ms a message of so many bytes takes; undefined where what was sent after it comes and it does not. */
async function timeOf(bytes: number, writer: Peer, reader: Peer): Promise<number | undefined> {
  const topic = `${UNDER}/size`;
  const payload = `${Date.now()} `.padEnd(bytes, 'x');
  const fence = `after ${Date.now()}`;
  await reader.subscribe(topic);
  const began = performance.now();
  await writer.publish(topic, payload, false);
  if (!(await reader.sees(topic, payload, ALONE_MS))) {
    await writer.publish(topic, fence, false);
    await reader.sees(topic, fence);
  }
  const took = performance.now() - began;
  await reader.end();
  return reader.topicsOf(payload).has(topic) ? took : undefined;
}

/** A listener that was given a loopback address and answers on another one of this machine too. */
async function otherAddresses(broker: string): Promise<readonly string[]> {
  const { hostname, port, protocol } = new URL(broker);
  if (!/^(127\.|localhost$)/.test(hostname)) return [];
  const number = Number(port) || (protocol === 'wss:' ? 443 : 80);
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  const open: string[] = [];
  for (const address of own) if (await answers(address, number)) open.push(address);
  if (open.length === 0) return [];
  return [
    `The listener of ${broker} answers on ${open.join(' and ')} too. Mosquitto ignores the address of a WebSocket listener unless "socket_domain ipv4" stands with it.`,
  ];
}
