import { beforeEach, describe, expect, test } from 'vitest';
import { convention } from '../../../src/conventions/devices.ts';
import type { ConventionSession, Effect, TopicNotes } from '../../../src/model/convention.ts';
import { matches } from '../../../src/model/topic.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const META = { retain: false, qos: 0, dup: false, receivedAt: NOW } as const;
let session: ConventionSession;
beforeEach(() => {
  session = convention.create({ root: 'devices' });
});

function read(leaf: string, payload: string | Uint8Array, id = 'pump-1', at = NOW): readonly Effect[] {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return session.read(`devices/${id}/${leaf}`, bytes, { retain: false, qos: 0, dup: false, receivedAt: at });
}

function problems(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'problem' ? [effect.message] : []));
}

describe('topics', () => {
  test('the filters bring every leaf of a device, the device contract and nothing else', () => {
    const filters = session.filters();
    for (const leaf of ['telemetry', 'status', 'ack', 'meta', 'config', 'config/reported', 'cmd']) {
      expect(filters.filter(({ filter }) => matches(filter, `devices/a/${leaf}`))).toHaveLength(1);
    }
    expect(filters.some(({ filter }) => matches(filter, 'devices/a/firmware'))).toBe(false);
  });

  test('config and cmd are asked for only where commands may be read; telemetry at QoS 0', () => {
    const carried = (kind: string) => session.filters().filter(({ carries }) => carries === kind);
    expect(carried('command').map(({ filter }) => filter)).toEqual(['devices/+/config', 'devices/+/cmd']);
    expect(carried('telemetry')).toEqual([{ filter: 'devices/+/telemetry', qos: 0, carries: 'telemetry' }]);
  });

  test('a root of several levels', () => {
    const site = convention.create({ root: 'site/hall 2/devices' });
    expect(site.filters()[0]?.filter).toBe('site/hall 2/devices/+/telemetry');
    const meta = { retain: false, qos: 0 as const, dup: false, receivedAt: NOW };
    const payload = new TextEncoder().encode('{"t":1}');
    expect(site.read('site/hall 2/devices/a/telemetry', payload, meta)).toHaveLength(1);
    expect(site.read('devices/a/telemetry', payload, meta)).toEqual([]);
  });

  test.each(['', '/a', 'a/', 'a/+', '#', '$SYS', 'a\0'])('root %j is refused in one sentence', (root) => {
    expect(() => convention.create({ root })).toThrow(/^The root .* cannot be used: .*\.$/);
  });

  test('an id that is none is told once, whatever comes after', () => {
    expect(problems(read('telemetry', '{"t":1}', 'a b'))).toEqual([
      '"a b" is not a device id: use 1 to 64 letters, digits, "_" or "-".',
    ]);
    expect(read('telemetry', '{"t":2}', 'a b')).toEqual([]);
    expect(read('status', 'online', 'a b')).toEqual([]);
    expect(problems(read('status', 'online', 'ü'))).toHaveLength(1);
    expect(problems(read('status', 'online', ''))).toHaveLength(1);
    expect(problems(read('status', 'online', 'x'.repeat(65)))).toHaveLength(1);
  });

  test('a flood of unusable ids ends in one last problem', () => {
    const told = Array.from({ length: 3000 }, (_, i) => problems(read('status', '1', `?${i}`))).flat();
    expect(told).toHaveLength(1001);
    expect(told.at(-1)).toBe('More than 1000 ids are no device ids; further ones are not named.');
  });

  test('a flood of devices ends in one problem, and those that are known go on', () => {
    const told = Array.from({ length: 20_010 }, (_, i) => problems(read('status', '1', `d${i}`))).flat();
    expect(told).toEqual(['More than 20000 devices; further ones are not shown.']);
    expect(read('status', '0', 'd0')).toEqual([{ type: 'status', device: 'd0', online: false }]);
  });

  test('other topics below the root mean nothing', () => {
    for (const leaf of ['', 'firmware', 'telemetry/x', 'config/other']) expect(read(leaf, 'x')).toEqual([]);
  });
});

describe('telemetry', () => {
  test('the climate sensor with its uptime', () => {
    expect(read('telemetry', '{"t":21.53,"h":40.10,"ts":123456}')).toEqual([
      {
        type: 'samples',
        device: 'pump-1',
        ts: 123_456,
        clock: 'uptime',
        channels: ['t', 'h'],
        values: [21.53, 40.1],
      },
    ]);
  });

  test('epoch seconds become milliseconds; every device has its own clock', () => {
    expect(read('telemetry', `{"t":1,"ts":${NOW / 1000}}`)[0]).toMatchObject({ ts: NOW, clock: 'absolute' });
    expect(read('telemetry', '{"t":1,"ts":5}', 'other')[0]).toMatchObject({ ts: 5, clock: 'uptime' });
  });

  test('without ts there is no device time', () => {
    for (const json of ['{"t":1}', '{"t":1,"ts":null}']) {
      expect(read('telemetry', json)).toEqual([
        { type: 'samples', device: 'pump-1', channels: ['t'], values: [1] },
      ]);
    }
  });

  test('a ts that is no time: the values count, and a person is told', () => {
    const effects = read('telemetry', '{"t":1,"ts":"soon"}');
    expect(effects[0]).toEqual({ type: 'samples', device: 'pump-1', channels: ['t'], values: [1] });
    expect(problems(effects)).toHaveLength(1);
  });

  test.each([
    ['21.5', 21.5],
    ['true', true],
    ['"open"', 'open'],
  ])('a bare %s is the channel "value"', (json, value) => {
    expect(read('telemetry', json)).toEqual([
      { type: 'samples', device: 'pump-1', channels: ['value'], values: [value] },
    ]);
  });

  test.each(['[1,2]', 'null', '1e999'])('%s has no names', (json) => {
    expect(problems(read('telemetry', json))).toEqual([
      'Telemetry holds no named values; send an object such as {"t":21.5}.',
    ]);
  });

  test('an object without channels is a sign of life', () => {
    expect(read('telemetry', '{}')).toEqual([
      { type: 'samples', device: 'pump-1', channels: [], values: [] },
    ]);
  });

  test('a cleared retained message says nothing', () => {
    expect(read('telemetry', '')).toEqual([]);
  });

  test('broken JSON names the place and echoes nothing', () => {
    const secret = '{"password":"hunter2","t":nan}';
    expect(read('telemetry', secret)).toEqual([
      {
        type: 'problem',
        device: 'pump-1',
        message: 'Telemetry is not JSON: at character 27 a value is expected, but "n" stands there.',
      },
    ]);
  });

  test('one bad value does not cost the good ones', () => {
    const effects = read('telemetry', '{"t":1,"x":1e999,"h":2}');
    expect(effects[0]).toMatchObject({
      channels: ['t', 'h'],
      values: [1, 2],
    });
    expect(problems(effects)).toEqual(['Channel "x" has a number too large to be kept.']);
  });
});

describe('status', () => {
  test.each([
    ['{"online":true}', true],
    ['{"online":false}', false],
    ['{"online":1,"reason":"boot"}', true],
    ['{"online":"offline"}', false],
    ['online', true],
    ['OFFLINE\n', false],
    ['"online"', true],
    ['1', true],
    ['0', false],
    ['true', true],
    ['false', false],
  ])('%j', (payload, online) => {
    expect(read('status', payload)).toEqual([{ type: 'status', device: 'pump-1', online }]);
  });

  test.each(['maybe', '{}', '{"online":null}', '{"online":{"online":true}}', '[true]', '2', 'null', '{'])(
    '%j is a problem',
    (payload) => {
      const effects = read('status', payload);
      expect(effects).toHaveLength(1);
      expect(problems(effects)[0]).toMatch(/^Status ".*" is neither .*\.$/);
    },
  );

  test('bytes that are no text, and a status of a megabyte', () => {
    expect(problems(read('status', new Uint8Array([0xff])))).toEqual(['Status is not text in UTF-8.']);
    expect(problems(read('status', new Uint8Array(1e6)))[0]).toMatch(/^Status is 1000000 bytes long/);
  });
});

describe('clearing retained topics', () => {
  test('the status of an undescribed device: forgotten', () => {
    read('status', 'online');
    expect(read('status', '')).toEqual([{ type: 'forget', device: 'pump-1' }]);
  });

  test('status, then meta: unknown first, then forgotten', () => {
    read('meta', '{"name":"Pump"}');
    read('status', 'online');
    expect(read('status', '')).toEqual([{ type: 'status', device: 'pump-1', online: null }]);
    expect(read('meta', '')).toEqual([{ type: 'forget', device: 'pump-1' }]);
  });

  test('meta, then status: undescribed first, then forgotten', () => {
    read('meta', '{"name":"Pump"}');
    read('status', 'online');
    expect(read('meta', '')).toEqual([{ type: 'description', device: 'pump-1', description: null }]);
    expect(read('status', '')).toEqual([{ type: 'forget', device: 'pump-1' }]);
  });

  test('a ghost of which this session saw nothing', () => {
    expect(read('status', '', 'ghost')).toEqual([{ type: 'forget', device: 'ghost' }]);
  });

  test('a device that still lives comes back with its next message', () => {
    read('status', 'online');
    read('status', '');
    expect(read('telemetry', '{"t":1}')[0]).toMatchObject({ type: 'samples', device: 'pump-1' });
  });
});

describe('notes of a topic', () => {
  const notes: TopicNotes = {};
  const readNoted = (of: ConventionSession, topic: string, payload: string) =>
    of.read(topic, new TextEncoder().encode(payload), { ...META, notes });

  test('a device that was forgotten comes back as another, whatever was noted of it', () => {
    const topic = 'devices/pump-1/telemetry';
    readNoted(session, topic, '{"t":1}');
    // From here on its effects are used again.
    const before = readNoted(session, topic, '{"t":2}')[0];
    expect(readNoted(session, topic, '{"t":3}')[0]).toBe(before);
    read('status', 'online');
    expect(read('status', '')).toEqual([{ type: 'forget', device: 'pump-1' }]);
    const after = readNoted(session, topic, '{"t":4}')[0];
    expect(after).toMatchObject({ type: 'samples', device: 'pump-1' });
    expect(after).not.toBe(before);
  });

  test('what another session or another convention left there is not used', () => {
    readNoted(session, 'devices/pump-1/telemetry', '{"t":1}');
    const other = convention.create({ root: 'site' });
    expect(readNoted(other, 'site/tank/telemetry', '{"t":1}')[0]).toMatchObject({ device: 'tank' });
    notes.found = { device: 'somebody else' };
    expect(readNoted(session, 'devices/pump-1/telemetry', '{"t":1}')[0]).toMatchObject({ device: 'pump-1' });
  });
});

describe('ack', () => {
  test('done, with a result', () => {
    expect(read('ack', '{"id":"c1","ok":true,"result":{"was":3}}')).toEqual([
      { type: 'ack', device: 'pump-1', id: 'c1', ok: true, result: { was: 3 } },
    ]);
  });
  test.each([
    ['"stuck"', 'stuck'],
    ['{"code":7}', '{"code":7}'],
    [`"${'x'.repeat(900)}"`, `${'x'.repeat(500)}…`],
  ])('failed, with %s', (error, shown) => {
    expect(read('ack', `{"id":"c1","ok":false,"error":${error}}`)[0]).toMatchObject({
      ok: false,
      error: shown,
    });
  });
  test.each([
    ['{"ok":true}', 'Ack does not name its command: "id" is the text that stood in the command; send'],
    ['{"id":7,"ok":true}', 'Ack does not name its command'],
    ['{"id":"","ok":true}', 'Ack does not name its command'],
    ['{"id":"c1"}', 'Ack has an "ok" that is neither true nor false; send {"id":"…","ok":true}.'],
    ['true', 'Ack is not an object'],
    ['{', 'Ack is not JSON: at character 2 a key in double quotes is expected, but it ends there.'],
    [
      `{"id":"c1","ok":true,"result":"${'x'.repeat(20_000)}"}`,
      'Ack is 20033 bytes long; at most 16384 are read.',
    ],
  ])('%.40s: %s', (payload, sentence) => {
    expect(problems(read('ack', payload))[0]).toContain(sentence);
  });
  test('a cleared one says nothing', () => {
    expect(read('ack', '')).toEqual([]);
  });
});
