import type { Flow } from '../../../engine-api/link-report.ts';

/** TLS 1.3: header, content type and tag of a record (RFC 8446, section 5.2); at most 16 KB are in one. */
const TLS_RECORD_BYTES = 22;
const TLS_RECORD_MOST = 16_384;

/** Bytes or messages of one way, split into what was meant to be sent and what it cost to send it. */
export interface FlowParts {
  readonly messages: number;
  readonly payload: number;
  /** Headers and topics of the messages, and all packets that carry none. */
  readonly mqtt: number;
  readonly webSocket: number;
  /** An estimate: a browser does not say. 0 without TLS. */
  readonly tls: number;
}

/** Splits a flow. `secure` is whether it went over `wss://`. */
export function flowParts(flow: Flow, secure: boolean): FlowParts {
  const records = Math.max(flow.frames, Math.ceil(flow.mqtt / TLS_RECORD_MOST));
  return {
    messages: flow.messages,
    payload: flow.payload,
    mqtt: flow.mqtt - flow.payload,
    webSocket: flow.framing,
    tls: secure ? records * TLS_RECORD_BYTES : 0,
  };
}

export function allBytes({ payload, mqtt, webSocket, tls }: FlowParts): number {
  return payload + mqtt + webSocket + tls;
}

/** The flow of one second, from two readings `ms` apart; `undefined` when the count began anew between them. */
export function perSecond(before: Flow, after: Flow, ms: number): Flow | undefined {
  if (ms <= 0 || after.frames < before.frames || after.mqtt < before.mqtt) return undefined;
  const rate = (key: keyof Flow) => ((after[key] - before[key]) * 1_000) / ms;
  return {
    messages: rate('messages'),
    payload: rate('payload'),
    mqtt: rate('mqtt'),
    frames: rate('frames'),
    framing: rate('framing'),
  };
}
