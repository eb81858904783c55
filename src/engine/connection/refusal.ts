import type { LinkCause } from '../../engine-api/link.ts';
import { reasonCodeText, socketCloseText } from '../../model/reason-code.ts';
import type { Fault } from './packet-cutter.ts';
import type { SocketClose } from './socket.ts';

/** Why an attempt, or a link, ended. */
export interface Ending {
  readonly cause: LinkCause;
  /** One sentence: what happened, what it means, what to do. */
  readonly reason: string;
  /** Trying again by itself could help. A refused credential is asked for instead: no loop. */
  readonly retry: boolean;
  /** The browser opened no socket: this address is none for this page, another one may be. */
  readonly unopened?: true;
  /** What the other end said in its own terms, with its code. */
  readonly said?: string;
  /** The code of the CONNACK that refused. */
  readonly connack?: number;
  /** How the socket was closed, where that ended it. */
  readonly close?: SocketClose;
  /** A live connection was closed and nobody said why. */
  readonly unexplained?: boolean;
}

interface Context {
  readonly endpoint: string;
  readonly username: string;
  readonly protocol: 4 | 5;
}

const TAKEN_OVER: Ending = {
  cause: 'taken-over',
  reason:
    'Another client took this client id. This page stopped, so that the two do not throw each other off.',
  retry: false,
};

/** What a CONNACK's return code (3.1.1, table 3.1) or reason code (5, section 3.2.2.2) means. */
export function connackEnding(code: number, context: Context): Ending {
  return { ...connackMeaning(code, context), said: reasonCodeText('CONNACK', code), connack: code };
}

function connackMeaning(code: number, { endpoint, username, protocol }: Context): Ending {
  switch (code) {
    case 0x01:
    case 0x84:
      return {
        cause: 'protocol',
        reason: `The broker at ${endpoint} does not speak MQTT ${protocol === 5 ? '5' : '3.1.1'}.`,
        retry: false,
      };
    case 0x02:
    case 0x85:
      return {
        cause: 'client-id',
        reason: `The broker refused this browser's client id. Ask its administrator whether ${username} is bound to one.`,
        retry: false,
      };
    // Mosquitto answers a wrong password with 5 / 0x87, aedes with 4: neither tells more than "not with this".
    case 0x04:
    case 0x05:
    case 0x86:
    case 0x87:
    case 0x8c:
      return credentialEnding(username);
    case 0x8a:
      return {
        cause: 'not-authorized',
        reason: `The broker has banned this client. Ask its administrator.`,
        retry: false,
      };
    case 0x03:
    case 0x88:
    case 0x89:
    case 0x97:
    case 0x9f:
      return {
        cause: 'server-busy',
        reason: `The broker at ${endpoint} is busy or not available right now. Trying again.`,
        retry: true,
      };
    default:
      return {
        cause: 'not-authorized',
        reason: `The broker refused the connection (reason code 0x${code.toString(16)}). Ask its administrator.`,
        retry: false,
      };
  }
}

function credentialEnding(username: string): Ending {
  return {
    cause: 'credential',
    reason: `The broker refused the password for ${username}. Check it and sign in again.`,
    retry: false,
  };
}

/**
 * What a socket that closed before any CONNACK means. Browsers hide refused, TLS, proxy and origin alike behind 1006;
 * NATS and RabbitMQ say in the close reason what others say in a CONNACK.
 */
export function unansweredEnding(close: SocketClose | undefined, context: Context): Ending {
  return { ...unansweredMeaning(close, context), ...saidIn(close) };
}

function unansweredMeaning(close: SocketClose | undefined, context: Context): Ending {
  const { endpoint, username, protocol } = context;
  if (close && /authenti|authoriz|unauthenticated/i.test(close.reason)) return credentialEnding(username);
  if (close && protocol === 5 && (close.code === 1002 || close.code === 1011)) {
    return {
      cause: 'protocol',
      reason: `The broker at ${endpoint} closed the socket on MQTT 5.`,
      retry: false,
    };
  }
  if (close?.code === 1008) {
    if (close.reason === '') return credentialEnding(username);
    // NATS says "maximum connections exceeded" under the same code as a wrong password.
    return {
      cause: 'server-busy',
      reason: `The broker at ${endpoint} refused the connection. It said: ${quoted(close.reason)}. Trying again.`,
      retry: true,
    };
  }
  return {
    cause: 'unreachable',
    reason:
      `No broker answers at ${endpoint}. Check the address and the port, that the broker runs, and that it lets this ` +
      `page's origin in${endpoint.startsWith('wss:') ? ' with a certificate that this browser trusts' : ''}.`,
    retry: true,
  };
}

/** What it means that there is no socket at all: an address that is none, or one that this page may not open. */
export function unopenedEnding(error: unknown, { endpoint }: Context): Ending {
  return {
    cause: 'unreachable',
    reason:
      `This browser cannot open the address "${endpoint}" (${wordsOf(error)}). Check it; a page that came over https:// may ` +
      `open wss:// only.`,
    retry: false,
    unopened: true,
  };
}

/** What it means that mqtt.js itself could not be loaded: the page's own server is away, and nothing of it was kept. */
export function notLoadedEnding(error: unknown): Ending {
  return {
    cause: 'unreachable',
    reason: `The server of this page did not deliver the part that speaks MQTT (${wordsOf(error)}). Check that it is there.`,
    retry: true,
  };
}

/** What stands in brackets in a sentence of ours. */
function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200).replace(/\.$/, '');
}

/** What a DISCONNECT from the broker means (MQTT 5, section 3.14.2.1). */
export function disconnectEnding(code: number, context: Context): Ending {
  return { ...disconnectMeaning(code, context), said: reasonCodeText('DISCONNECT', code) };
}

function disconnectMeaning(code: number, { endpoint, username }: Context): Ending {
  switch (code) {
    case 0x8e:
      return TAKEN_OVER;
    // Some brokers answer one denied publish this way, others a revoked sign-in: the next CONNECT tells them apart.
    case 0x87:
    case 0x98:
      return {
        cause: 'not-authorized',
        reason: `The broker ended the session of ${username}, who may have lost a right. Trying again.`,
        retry: true,
      };
    case 0x8b:
      return { cause: 'server-shutdown', reason: `The broker at ${endpoint} is shutting down.`, retry: true };
    case 0x8d:
      return { cause: 'keepalive', reason: 'The broker heard nothing for too long.', retry: true };
    default:
      return {
        cause: 'closed',
        reason: `The broker at ${endpoint} ended the connection (reason code 0x${code.toString(16)}).`,
        retry: true,
      };
  }
}

/** What a live socket that closed without a word means. */
export function lostEnding(close: SocketClose | undefined, keepaliveLost: boolean, context: Context): Ending {
  return { ...lostMeaning(close, keepaliveLost, context), ...saidIn(close) };
}

function lostMeaning(close: SocketClose | undefined, keepaliveLost: boolean, { endpoint }: Context): Ending {
  if (keepaliveLost) {
    return { cause: 'keepalive', reason: `The broker at ${endpoint} stopped answering.`, retry: true };
  }
  // NATS closes the older of two clients with this, and has no DISCONNECT to say it in.
  if (close && /duplicate client id/i.test(close.reason)) return TAKEN_OVER;
  const said = close?.reason ? ` It said: ${quoted(close.reason)}.` : '';
  return {
    cause: 'closed',
    reason: `The connection to ${endpoint} was closed.${said}`,
    retry: true,
    // RabbitMQ says "MQTT died" whatever it died of, another client with the same id among them.
    ...((said === '' || close?.reason === 'MQTT died') && { unexplained: true }),
  };
}

function saidIn(close: SocketClose | undefined): Partial<Ending> {
  return close ? { said: socketCloseText(close.code, close.reason), close } : {};
}

/** What the broker said, as far as a sentence can hold it. */
function quoted(reason: string): string {
  return reason.slice(0, 120).replace(/\.$/, '');
}

/** What it means that a ping was not answered after the machine or the network had been away. */
export function unansweredPingEnding(endpoint: string): Ending {
  return {
    cause: 'keepalive',
    reason: `The broker at ${endpoint} did not answer after this page had been asleep or without a network.`,
    retry: true,
  };
}

/** What it means that the broker's bytes could not be read any further. It may have been one message. */
export function faultEnding({ what }: Fault, { endpoint }: Context): Ending {
  return {
    cause: 'closed',
    reason: `The broker at ${endpoint} sent ${what}, so this page closed the connection. Trying again.`,
    retry: true,
  };
}
