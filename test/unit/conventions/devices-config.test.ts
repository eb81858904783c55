import { beforeEach, describe, expect, test } from 'vitest';
import { convention } from '../../../src/conventions/devices.ts';
import type { ConventionSession, Effect, MessageMeta } from '../../../src/model/convention.ts';

const encoder = new TextEncoder();
let session: ConventionSession;
beforeEach(() => {
  session = convention.create({ root: 'devices' });
});

function read(leaf: string, payload: string, more: Partial<MessageMeta> = {}): readonly Effect[] {
  const meta = { retain: false, qos: 1, dup: false, receivedAt: 1_790_000_000_000, ...more } as const;
  return session.read(`devices/pump-1/${leaf}`, encoder.encode(payload), meta);
}

function problems(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'problem' ? [effect.message] : []));
}

describe('configuration', () => {
  test('desired, reported and cleared', () => {
    expect(read('config', '{"interval":5}')).toEqual([
      { type: 'config', device: 'pump-1', which: 'desired', value: { interval: 5 } },
    ]);
    expect(read('config/reported', '')).toEqual([
      { type: 'config', device: 'pump-1', which: 'reported', value: null },
    ]);
  });
  test('broken: said without echoing the Wi-Fi password, and not taken for the one before', () => {
    const sentence = 'Config is not JSON: at character 18 "," or "}" is expected, but it ends there.';
    expect(read('config', '{"wifi":"hunter2"')).toEqual([
      { type: 'config', device: 'pump-1', which: 'desired', value: null, fault: sentence },
      { type: 'problem', device: 'pump-1', message: sentence },
    ]);
    expect(problems(read('config/reported', '5'))[0]).toMatch(/^Reported config is not an object/);
  });
  test('who asks for it, where their console says so and it can be read', () => {
    const by = (text: string | Uint8Array) =>
      read('config', '{}', { by: typeof text === 'string' ? encoder.encode(text) : text })[0];
    expect(by('ada')).toMatchObject({ by: 'ada' });
    expect(by('a\u202eb')).toMatchObject({ by: 'a b' });
    for (const none of ['', new Uint8Array([0xff]), 'x'.repeat(1000)])
      expect(by(none)).not.toHaveProperty('by');
  });

  const asked = (value: unknown) =>
    session.configure?.('pump-1', { id: 'id-1', value, by: 'ada' }).map(({ payload, ...rest }) => ({
      ...rest,
      payload: new TextDecoder().decode(payload),
    }));
  test('is asked for by a retained message at QoS 1, and no more by an empty one', () => {
    const message = { topic: 'devices/pump-1/config', qos: 1, retain: true };
    expect(asked({ interval: 5 })).toMatchObject([{ ...message, payload: '{"interval":5}' }]);
    expect(asked(null)).toMatchObject([{ ...message, payload: '' }]);
    expect(asked({})?.[0]?.properties?.userProperties).toEqual([['by', 'ada']]);
  });
  test.each([
    [5, 'A configuration is a JSON object'],
    [[], 'A configuration is a JSON object'],
    [{ a: [Infinity] }, 'a number that JSON cannot write'],
  ])('%j is not asked for: %s', (value, sentence) => {
    expect(() => asked(value)).toThrow(sentence);
  });
});
