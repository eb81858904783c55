/** CONNACK return codes of MQTT 3.1.1 (table 3.1). */
const CONNACK_4: Record<number, string> = {
  1: 'unacceptable protocol version',
  2: 'identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
};

/** Reason codes of MQTT 5 (table 2.6) from 0x80 on. */
const REASONS_5: Record<number, string> = {
  0x80: 'unspecified error',
  0x81: 'malformed packet',
  0x82: 'protocol error',
  0x83: 'implementation specific error',
  0x84: 'unsupported protocol version',
  0x85: 'client identifier not valid',
  0x86: 'bad user name or password',
  0x87: 'not authorized',
  0x88: 'server unavailable',
  0x89: 'server busy',
  0x8a: 'banned',
  0x8b: 'server shutting down',
  0x8c: 'bad authentication method',
  0x8d: 'keep alive timeout',
  0x8e: 'session taken over',
  0x8f: 'topic filter invalid',
  0x90: 'topic name invalid',
  0x91: 'packet identifier in use',
  0x92: 'packet identifier not found',
  0x93: 'receive maximum exceeded',
  0x94: 'topic alias invalid',
  0x95: 'packet too large',
  0x96: 'message rate too high',
  0x97: 'quota exceeded',
  0x98: 'administrative action',
  0x99: 'payload format invalid',
  0x9a: 'retain not supported',
  0x9b: 'QoS not supported',
  0x9c: 'use another server',
  0x9d: 'server moved',
  0x9e: 'shared subscriptions not supported',
  0x9f: 'connection rate exceeded',
  0xa0: 'maximum connect time',
  0xa1: 'subscription identifiers not supported',
  0xa2: 'wildcard subscriptions not supported',
};

/** `CONNACK 0x87, not authorized`: a packet with its reason code, in hexadecimal, and the name that the standard has for it. */
export function reasonCodeText(packet: 'CONNACK' | 'DISCONNECT' | 'SUBACK' | 'PUBACK', code: number): string {
  const name = code < 0x80 && packet === 'CONNACK' ? CONNACK_4[code] : REASONS_5[code];
  const number = `0x${code.toString(16).padStart(2, '0')}`;
  // 3.1.1 has one code for a refused subscription [MQTT-3.9.3-2].
  const plain = packet === 'SUBACK' && code === 0x80 ? 'failure' : name;
  return `${packet} ${number}${plain === undefined ? '' : `, ${plain}`}`;
}

/** Close codes (RFC 6455, section 7.4.1) that a broker or a browser gives. */
const CLOSES: Record<number, string> = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no code',
  1006: 'closed without a word',
  1008: 'policy violation',
  1009: 'message too big',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1015: 'TLS failure',
};

/** `WebSocket close 1002, protocol error: "access_refused"`: how a socket was closed, and the reason that was given. */
export function socketCloseText(code: number, reason: string): string {
  const name = CLOSES[code];
  const said = reason === '' ? '' : `: "${reason.slice(0, 120)}"`;
  return `WebSocket close ${code}${name === undefined ? '' : `, ${name}`}${said}`;
}
