import { beforeEach, expect, test, vi } from 'vitest';
import { LinkMemory } from '../../../src/ui/link-memory.ts';

const PLANT = { name: 'plant', urls: ['wss://plant/mqtt'], root: 'devices' };
const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
});

test('the default, the administrator and the person, each over the one before', () => {
  const memory = new LinkMemory('/');
  expect(memory.of(PLANT)).toEqual({ record: 'everything', queue: false });
  const administered = { ...PLANT, link: { record: 'viewed', queue: false } as const };
  expect(memory.of(administered).record).toBe('viewed');
  memory.choose('plant', { record: 'everything', queue: true });
  expect(new LinkMemory('/').of(administered)).toEqual({ record: 'everything', queue: true });
  expect(new LinkMemory('/other/').of(PLANT)).toEqual({ record: 'everything', queue: false });
});

test.each(['{', '7', '[["plant",5]]', '[["plant",{"record":"all","queue":"yes"}]]', '[5]', '["__proto__"]'])(
  'what was stored is %s: the default',
  (text) => {
    stored.set('telltale:/:link', text);
    expect(new LinkMemory('/').of(PLANT)).toEqual({ record: 'everything', queue: false });
  },
);

test('a broker called __proto__ is a broker', () => {
  const memory = new LinkMemory('/');
  memory.choose('__proto__', { record: 'viewed', queue: false });
  expect(memory.of({ ...PLANT, name: '__proto__' }).record).toBe('viewed');
  expect(memory.of(PLANT).record).toBe('everything');
});

test('a browser that stores nothing', () => {
  vi.stubGlobal('localStorage', undefined);
  const memory = new LinkMemory('/');
  memory.choose('plant', { record: 'viewed', queue: false });
  expect(memory.of(PLANT).record).toBe('everything');
});
