import { expect, test } from 'vitest';
import { KnownTopics } from '../../../../src/engine/connection/known-topics.ts';

const encoder = new TextEncoder();

function read(names: KnownTopics, topic: string): string | undefined {
  const bytes = encoder.encode(`..${topic}..`);
  return names.read(bytes, 2, bytes.length - 2)?.name;
}

test('more topics than there are slots are each read as themselves, whoever had the slot before', () => {
  const names = new KnownTopics();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 100_000; i++) {
      const topic = `devices/unit-${i}/telemetry`;
      if (read(names, topic) !== topic) throw new Error(`${topic} is read as ${read(names, topic)}`);
    }
  }
});

test('topics in other scripts, long ones and a byte order mark are read as they are', () => {
  const names = new KnownTopics();
  for (const topic of [
    'geräte/küche',
    '设备/1',
    '😀',
    `a/${'x'.repeat(65_000)}`,
    '\ufeffdevices/a',
    ' ',
    '/',
  ]) {
    expect(read(names, topic)).toBe(topic);
    expect(read(names, topic)).toBe(topic);
  }
});

test('what cannot be a topic is none, also when it comes again', () => {
  const names = new KnownTopics();
  for (const topic of ['a/+', '#', 'a\0b', `${'x'.repeat(200)}+`]) {
    expect(read(names, topic)).toBeUndefined();
    expect(read(names, topic)).toBeUndefined();
  }
  // A surrogate in UTF-8 [MQTT-1.5.3-1], an overlong slash, half a character.
  for (const bytes of [
    [0xed, 0xa0, 0x80],
    [0xc0, 0xaf],
    [0xe2, 0x82],
  ]) {
    expect(names.read(new Uint8Array(bytes), 0, bytes.length)).toBeUndefined();
  }
});

test('the same topic is the same object, also among so many that they are for one slot', () => {
  const names = new KnownTopics();
  const topics = Array.from({ length: 30_000 }, (_, i) => encoder.encode(`devices/d${i}/telemetry`));
  const topic = (bytes: Uint8Array) => names.read(bytes, 0, bytes.length);
  const first = topics.map(topic);
  const again = topics.map(topic);
  // Nearly half as many as there are slots: few find no room in the eight that are theirs.
  expect(again.filter((each, i) => each === first[i]).length).toBeGreaterThan(29_700);
  expect(again.every((each, i) => each?.name === `devices/d${i}/telemetry`)).toBe(true);
});

test('what is noted of a topic is not found with another', () => {
  const names = new KnownTopics();
  const topic = (name: string) => {
    const bytes = encoder.encode(name);
    return names.read(bytes, 0, bytes.length)!;
  };
  const noted = {};
  topic('devices/a/telemetry').found = noted;
  expect(topic('devices/a/telemetry').found).toBe(noted);
  expect(topic('devices/b/telemetry').found).toBeUndefined();
  // Longer than what is remembered.
  topic(`a/${'x'.repeat(200)}`).found = noted;
  expect(topic(`a/${'x'.repeat(200)}`).found).toBeUndefined();
});
