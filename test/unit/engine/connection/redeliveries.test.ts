import { describe, expect, test } from 'vitest';
import { Redeliveries } from '../../../../src/engine/connection/redeliveries.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a page that ended before its acknowledgements left', () => {
  /** What the next page finds, when the one before took these in and was killed after storing them. */
  function nextPage(...messages: [id: number, text: string][]): Redeliveries {
    const before = new Redeliveries();
    for (const [id, text] of messages) before.add(id, 'd/t', bytes(text));
    return new Redeliveries(before.news());
  }

  test('a message that comes again is known as stored', () => {
    const page = nextPage([7, '{"n":1}'], [65_535, '{"n":2}']);
    expect(page.known(7, 'd/t', bytes('{"n":1}'))).toBe('stored');
    expect(page.known(65_535, 'd/t', bytes('{"n":2}'))).toBe('stored');
  });

  test.each([
    ['another id', 8, 'd/t', '{"n":1}'],
    ['another payload', 7, 'd/t', '{"n":2}'],
    ['another topic', 7, 'd/u', '{"n":1}'],
  ])('%s is another message', (_, id, topic, text) => {
    expect(nextPage([7, '{"n":1}']).known(id, topic, bytes(text))).toBeUndefined();
  });

  test('the id that is used again means the new message, which this page has taken', () => {
    const page = nextPage([7, '{"n":1}']);
    page.add(7, 'd/t', bytes('{"n":2}'));
    expect(page.known(7, 'd/t', bytes('{"n":1}'))).toBeUndefined();
    expect(page.known(7, 'd/t', bytes('{"n":2}'))).toBe('taken');
  });

  test('the next page ends as well, before all of it has come again: the one after that knows the rest', () => {
    const page = nextPage([7, '{"n":1}'], [8, '{"n":2}']);
    page.add(7, 'd/t', bytes('{"n":1}'));
    const after = new Redeliveries(page.news());
    expect(after.known(8, 'd/t', bytes('{"n":2}'))).toBe('stored');
    expect(after.known(7, 'd/t', bytes('{"n":1}'))).toBe('stored');
  });

  test('a session that begins anew has nothing to come again, and that is news', () => {
    const page = nextPage([7, '{"n":1}']);
    expect(page.news()).toBeUndefined();
    page.clear();
    expect(page.known(7, 'd/t', bytes('{"n":1}'))).toBeUndefined();
    expect(page.news()?.packetIds).toHaveLength(0);
  });
});

test('there is news only when a message came, and never of more than a broker has under way', () => {
  const page = new Redeliveries();
  expect(page.news()).toBeUndefined();
  for (let id = 1; id <= 5_000; id++) page.add(id, 'd/t', bytes('x'));
  const news = page.news();
  expect(news?.packetIds).toHaveLength(2_048);
  expect(news?.packetIds.at(-1)).toBe(5_000);
  expect(page.news()).toBeUndefined();
});
