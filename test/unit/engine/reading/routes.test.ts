import { expect, test } from 'vitest';
import type { TopicNotes } from '../../../../src/model/convention.ts';
import { Reader } from '../../../../src/engine/reading/reader.ts';
import { Routes } from '../../../../src/engine/reading/routes.ts';

function reader(name: string): Reader {
  return new Reader(name, { filters: () => [], read: () => [], command: () => [] });
}

const one = reader('one');
const two = reader('two');

test('a topic goes to each convention that asked for it, once, however many of its filters match', () => {
  const routes = new Routes();
  routes.add('a/+', one);
  routes.add('a/#', one);
  routes.add('a/b', two);
  expect(routes.of('a/b')).toEqual([one, two]);
  expect(routes.of('a/c')).toEqual([one]);
  expect(routes.of('b')).toEqual([]);
});

test('a filter learned after a topic was seen reads it from then on', () => {
  const routes = new Routes();
  expect(routes.of('home/state')).toEqual([]);
  routes.add('home/state', one);
  expect(routes.of('home/state')).toEqual([one]);
});

test('a filter is unwanted only when the last convention lets it go', () => {
  const routes = new Routes();
  routes.add('a', one);
  routes.add('a', two);
  expect(routes.remove('a', one)).toBe(false);
  expect(routes.of('a')).toEqual([two]);
  expect(routes.remove('a', one)).toBe(false);
  expect(routes.remove('a', two)).toBe(true);
  expect(routes.of('a')).toEqual([]);
});

test('a wildcard does not read what a broker says about itself', () => {
  const routes = new Routes();
  routes.add('#', one);
  expect(routes.of('$SYS/broker/uptime')).toEqual([]);
});

test('more topics than are cached are still routed', () => {
  const routes = new Routes();
  routes.add('t/+', one);
  for (let i = 0; i < 50_010; i++) expect(routes.of(`t/${i}`)).toHaveLength(1);
  expect(routes.of('t/0')).toEqual([one]);
});

test('what is noted of a topic holds until a filter comes or goes, and for these routes alone', () => {
  const routes = new Routes();
  const notes: TopicNotes = {};
  routes.add('a/+', one);
  expect(routes.of('a/b', notes)).toEqual([one]);
  // The notes are of the topic that they came with, and are believed.
  expect(routes.of('', notes)).toEqual([one]);
  routes.add('a/b', two);
  expect(routes.of('a/b', notes)).toEqual([one, two]);
  routes.remove('a/+', one);
  expect(routes.of('a/b', notes)).toEqual([two]);
  expect(new Routes().of('a/b', notes)).toEqual([]);
  expect(routes.of('a/b', notes)).toEqual([two]);
});
