import type { BrokerKind } from '../broker.ts';

/** What became of one attempt to reach somebody: an answer, a quick failure without a word, or nothing in time. */
export type Reached = 'answers' | 'fails' | 'silent';

/** What the broker made of one CONNECT. */
export interface ConnectFinding {
  readonly protocol: 4 | 5;
  readonly outcome: 'connected' | 'refused' | 'closed' | 'silent';
  /** The code of the CONNACK that refused. */
  readonly connack?: number;
  /** How the socket was closed; a browser tells the code and the reason once a socket was open. */
  readonly close?: { readonly code: number; readonly reason: string };
}

/**
 * What the probes saw of one endpoint. Only what a browser lets a page see: it hides the status of a failed handshake, and
 * whether a name, a port or a certificate was the reason.
 */
export interface Findings {
  readonly endpoint: string;
  /** The origin of the page. */
  readonly page: string;
  readonly kind?: BrokerKind;
  readonly root: string;
  readonly username?: string;
  /** As the profile fixes them. */
  readonly protocol?: 4 | 5;
  readonly subprotocol?: string;
  /** The browser says that it has a network. */
  readonly online: boolean;
  /** This browser was connected to this broker with this name before. */
  readonly workedBefore: boolean;
  /** The permission to reach a local network, where the browser has one. */
  readonly localNetwork?: 'granted' | 'denied' | 'prompt';
  /** The link was given up, since another client uses our client id. */
  readonly takenOver?: boolean;
  /** A plain fetch of the host and port; missing where a page may not make one. */
  readonly reach?: Reached;
  /** The status of the fetch, which is told to a page of the very same origin. */
  readonly status?: number;
  /** The WebSocket at the address as it is; missing where it was not tried. */
  readonly handshake?: Reached | 'blocked';
  /** Paths of the same host and port at which a WebSocket opens instead. */
  readonly otherPaths?: readonly string[];
  /** Subprotocols with which it opens instead; '' stands for none. */
  readonly otherSubprotocols?: readonly string[];
  /** It opens with `ws:` in place of `wss:`, or the other way round. */
  readonly otherScheme?: boolean;
  readonly connects?: readonly ConnectFinding[];
  /** What came of subscriptions to the state of all devices. */
  readonly subscribe?: 'granted' | 'refused' | 'closed' | 'silent';
}

export const STAGES = ['page', 'reach', 'handshake', 'address', 'connect', 'subscribe'] as const;
export type StageName = (typeof STAGES)[number];

/** One check in the order in which they build on each other. */
export interface Stage {
  readonly name: StageName;
  /** `skipped`: what it builds on failed, or there is nothing to check it with. */
  readonly outcome: 'passed' | 'failed' | 'unclear' | 'skipped';
  /** One sentence or two. */
  readonly text: string;
}

export const CAUSES = [
  'bad-address',
  'mixed-content',
  'offline',
  'local-network',
  'nothing-answers',
  'port-closed',
  'certificate',
  'scheme',
  'path',
  'subprotocol',
  'origin',
  'not-websocket',
  'proxy',
  'gateway',
  'not-mqtt',
  'credential',
  'not-allowed',
  'client-id',
  'client-id-taken',
  'protocol',
  'server-busy',
  'closed-on-connect',
  'acl',
  'acl-filtered',
  'not-signed-in',
  'nothing-wrong',
] as const;
export type CauseName = (typeof CAUSES)[number];

/** Why it may be so, and what to do about it. */
export interface Cause {
  readonly name: CauseName;
  /** One sentence. */
  readonly title: string;
  readonly fix: string;
  /** An address to open in a new tab. */
  readonly open?: string;
}

export interface Diagnosis {
  readonly endpoint: string;
  readonly stages: readonly Stage[];
  /** The likeliest first. */
  readonly causes: readonly Cause[];
}
