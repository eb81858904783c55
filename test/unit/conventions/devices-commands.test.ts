import { beforeEach, describe, expect, test } from 'vitest';
import { convention } from '../../../src/conventions/devices.ts';
import type {
  CommandRequest,
  ConventionSession,
  Effect,
  MessageMeta,
} from '../../../src/model/convention.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
let session: ConventionSession;
beforeEach(() => {
  session = convention.create({ root: 'devices' });
});

function read(
  leaf: string,
  payload: string | Uint8Array,
  id = 'pump-1',
  at = NOW,
  more: Partial<MessageMeta> = {},
): readonly Effect[] {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const meta = { retain: false, qos: 0, dup: false, receivedAt: at, ...more } as const;
  return session.read(`devices/${id}/${leaf}`, bytes, meta);
}

const correlated = (id: string) => ({ correlationData: new TextEncoder().encode(id) });

function problems(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'problem' ? [effect.message] : []));
}

describe('commands', () => {
  const request: CommandRequest = {
    id: 'Zm9v-_1',
    name: 'setpoint',
    args: { value: 21.5 },
    by: 'operator',
    deadline: NOW + 60_000,
    now: NOW + 500,
  };
  const written = (more: Partial<CommandRequest>) => session.command('pump-1', { ...request, ...more })[0];
  const text = (more: Partial<CommandRequest>) => new TextDecoder().decode(written(more)?.payload);

  test('goes to the device at QoS 1, never retained, with its deadline twice', () => {
    expect(written({})).toMatchObject({ topic: 'devices/pump-1/cmd', qos: 1, retain: false });
    expect(text({})).toBe(
      `{"id":"Zm9v-_1","name":"setpoint","args":{"value":21.5},"by":"operator","exp":${NOW + 60_000},"ttl":60}`,
    );
  });

  test('without arguments none are sent', () => {
    expect(JSON.parse(text({ args: undefined }))).not.toHaveProperty('args');
  });

  test('raw JSON goes out as typed, spaces and all', () => {
    const raw = ' { "relay" : 1, "__proto__": {} } ';
    expect(text({ raw })).toBe(raw);
  });

  test('nothing, retained, clears what is retained; not retained it is no command', () => {
    const cleared = written({ raw: '', handling: { qos: 1, retain: true } });
    expect(cleared).toMatchObject({ topic: 'devices/pump-1/cmd', retain: true });
    expect(cleared?.payload.length).toBe(0);
    expect(() => written({ raw: '', handling: { qos: 1, retain: false } })).toThrow('What you typed');
  });

  test('raw text that is no JSON is refused with the place', () => {
    expect(() => written({ raw: '{relay:1}' })).toThrow(
      'What you typed is not JSON: at character 2 a key in double quotes is expected, but "r" stands there.',
    );
  });

  test.each<readonly [Partial<CommandRequest>, string]>([
    [{ id: 'x'.repeat(23) }, 'The command has no usable id'],
    [{ name: '' }, 'The command has no name'],
    [{ deadline: NOW }, 'The deadline of the command has passed'],
    [{ deadline: NaN }, 'The deadline of the command has passed'],
    [{ args: { big: 1n } }, 'The arguments of the command cannot be written as JSON.'],
  ])('%# %s', (more, sentence) => {
    expect(() => written(more)).toThrow(sentence);
  });

  test('a device id with a wildcard reaches nobody', () => {
    expect(() => session.command('+', request)).toThrow(
      /^"\+" is not a device id: .* It cannot be sent a command\.$/,
    );
  });

  test('the answer is expected on the device’s own ack topic, with the id as correlation data', () => {
    expect(written({})?.properties).toEqual({
      responseTopic: 'devices/pump-1/ack',
      correlationData: new TextEncoder().encode(request.id),
    });
  });

  test('QoS, retain and properties are for JSON that a person typed', () => {
    const handling = { qos: 2, retain: true, contentType: 'a/b', userProperties: [['k', 'v']] } as const;
    expect(written({ handling })).toMatchObject({ qos: 1, retain: false });
    expect(written({ raw: '{}', handling })).toMatchObject({
      qos: 2,
      retain: true,
      properties: { contentType: 'a/b', userProperties: [['k', 'v']] },
    });
  });

  test('somebody else’s command on its way says what, by whom and until when', () => {
    const payload = '{"id":"x","name":"on","args":{"s":1},"by":"bob","exp":5,"ttl":9}';
    expect(read('cmd', payload)).toEqual([
      {
        type: 'command',
        device: 'pump-1',
        id: 'x',
        name: 'on',
        args: { s: 1 },
        by: 'bob',
        exp: 5,
        ttl: 9,
      },
    ]);
  });

  test('a message that is no command of the contract is shown as it stands', () => {
    expect(read('cmd', '{"relay":1}', 'pump-1', NOW, correlated('abc'))).toEqual([
      { type: 'command', device: 'pump-1', id: 'abc', raw: '{"relay":1}' },
    ]);
    expect(read('cmd', 'on\u202e')).toEqual([{ type: 'command', device: 'pump-1', raw: 'on' }]);
    expect(read('cmd', new Uint8Array([255]))).toEqual([
      { type: 'command', device: 'pump-1', raw: '1 bytes that are not shown' },
    ]);
    expect(read('cmd', '')).toEqual([]);
  });

  test('a retained command is a problem: the device gets it again and again', () => {
    expect(problems(read('cmd', '{"id":"x"}', 'pump-1', NOW, { retain: true }))[0]).toMatch(/retained/);
  });
});

describe('an answer with correlation data', () => {
  const answer = (payload: string, id = 'c1') => read('ack', payload, 'pump-1', NOW, correlated(id))[0];

  test.each<readonly [string, object]>([
    ['{"ok":true}', { id: 'c1', ok: true }],
    ['{"ok":false,"error":"stuck"}', { id: 'c1', ok: false, error: 'stuck' }],
    ['{"error":"stuck"}', { id: 'c1', ok: false, error: 'stuck' }],
    ['{"result":7}', { id: 'c1', ok: true, result: 7 }],
    ['{"was":3}', { id: 'c1', ok: true, result: { was: 3 } }],
    ['7', { id: 'c1', ok: true, result: 7 }],
    ['{"id":"other","ok":true}', { id: 'other', ok: true }],
  ])('%s', (payload, ack) => {
    expect(answer(payload)).toMatchObject({ type: 'ack', device: 'pump-1', ...ack });
  });

  test('correlation data that is no id of a command helps nothing', () => {
    expect(answer('7', 'x'.repeat(23))).toMatchObject({ type: 'problem' });
    expect(answer('{"ok":true}', 'a b')).toMatchObject({ type: 'problem' });
  });
});
