import { describe, expect, test } from 'vitest';
import {
  connackEnding,
  disconnectEnding,
  lostEnding,
  unansweredEnding,
  type Ending,
} from '../../../../src/engine/connection/refusal.ts';

const context = { endpoint: 'wss://broker/mqtt', username: 'ada', protocol: 5 as const };
const context4 = { ...context, protocol: 4 as const };

/** One sentence or more, each with its full stop, without a shout. */
function isSentence({ reason }: Ending): void {
  expect(reason).toMatch(/^[A-Z].*\.$/);
  expect(reason).not.toMatch(/!|undefined|NaN/);
}

describe('a CONNACK', () => {
  const stops: [code: number, cause: string][] = [
    [0x01, 'protocol'],
    [0x84, 'protocol'],
    [0x02, 'client-id'],
    [0x85, 'client-id'],
    [0x04, 'credential'],
    [0x05, 'credential'],
    [0x86, 'credential'],
    [0x87, 'credential'],
    [0x8c, 'credential'],
    [0x8a, 'not-authorized'],
    // Codes that name no cause of their own: 5, section 3.2.2.2, and one that no version knows.
    ...[0x80, 0x81, 0x82, 0x83, 0x90, 0x95, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x42].map(
      (code): [number, string] => [code, 'not-authorized'],
    ),
  ];
  test.each(stops)('with code 0x%x is %s, and trying again by itself cannot help', (code, cause) => {
    const ending = connackEnding(code, context);
    expect(ending).toMatchObject({ cause, retry: false });
    isSentence(ending);
  });

  test.each([0x03, 0x88, 0x89, 0x97, 0x9f])('with code 0x%x says busy, and is tried again', (code) => {
    const ending = connackEnding(code, context);
    expect(ending).toMatchObject({ cause: 'server-busy', retry: true });
    isSentence(ending);
  });

  test('names the version that was refused', () => {
    expect(connackEnding(1, context4).reason).toContain('MQTT 3.1.1');
    expect(connackEnding(0x84, context).reason).toContain('MQTT 5');
  });

  test('names the user whose password was refused, never the password', () => {
    expect(connackEnding(5, context).reason).toBe(
      'The broker refused the password for ada. Check it and sign in again.',
    );
  });
});

describe('a socket that closes before any CONNACK', () => {
  test.each([
    ['NATS', 1002, 'authentication error'],
    ['NATS', 1008, 'Authorization Violation'],
    ['RabbitMQ', 1000, 'Unauthenticated'],
    ['a gateway', 1008, ''],
  ])('is a refused password when %s says %i "%s"', (_broker, code, reason) => {
    expect(unansweredEnding({ code, reason }, context)).toMatchObject({ cause: 'credential', retry: false });
  });

  test('is a busy broker when NATS says that it has too many connections, and never a password', () => {
    const ending = unansweredEnding({ code: 1008, reason: 'maximum connections exceeded' }, context);
    expect(ending).toMatchObject({ cause: 'server-busy', retry: true });
    isSentence(ending);
  });

  test.each([1002, 1011])('is a refused version when it closes MQTT 5 with %i', (code) => {
    const close = { code, reason: '' };
    expect(unansweredEnding(close, context)).toMatchObject({ cause: 'protocol', retry: false });
    expect(unansweredEnding(close, context4)).toMatchObject({ cause: 'unreachable', retry: true });
  });

  test('is unreachable when the browser hides the cause behind 1006', () => {
    const ending = unansweredEnding({ code: 1006, reason: '' }, context);
    expect(ending).toMatchObject({ cause: 'unreachable', retry: true });
    expect(ending.reason).toContain('certificate');
    isSentence(ending);
  });

  test('does not speak of certificates where there is none', () => {
    expect(unansweredEnding(undefined, { ...context, endpoint: 'ws://b/mqtt' }).reason).not.toContain(
      'certif',
    );
  });
});

describe('a live link', () => {
  test.each([
    [0x8e, 'taken-over', false],
    [0x87, 'not-authorized', true],
    [0x98, 'not-authorized', true],
    [0x8b, 'server-shutdown', true],
    [0x8d, 'keepalive', true],
    [0x00, 'closed', true],
    [0x95, 'closed', true],
  ])('that ends with DISCONNECT 0x%x is %s, retry %s', (code, cause, retry) => {
    const ending = disconnectEnding(code, context);
    expect(ending).toMatchObject({ cause, retry });
    isSentence(ending);
  });

  test('that is silent for too long says so, whatever the socket said', () => {
    expect(lostEnding({ code: 1000, reason: 'bye' }, true, context)).toMatchObject({
      cause: 'keepalive',
      retry: true,
    });
  });

  test('that NATS gives to another client with our id stops', () => {
    const ending = lostEnding({ code: 1011, reason: 'Duplicate Client ID' }, false, context);
    expect(ending).toMatchObject({ cause: 'taken-over', retry: false });
  });

  test.each([
    ['', true],
    ['MQTT died', true],
    ['shutting down', undefined],
  ])('that closes with "%s" is without a cause: %s', (reason, unexplained) => {
    expect(lostEnding({ code: 1000, reason }, false, context).unexplained).toBe(unexplained);
  });

  test('that closes quotes at most 120 characters of what the broker said', () => {
    const { reason } = lostEnding({ code: 1001, reason: 'x'.repeat(5_000) }, false, context);
    expect(reason).toContain(`It said: ${'x'.repeat(120)}.`);
    expect(reason.length).toBeLessThan(250);
  });
});
