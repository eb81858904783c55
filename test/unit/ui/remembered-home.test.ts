import { beforeEach, expect, test, vi } from 'vitest';
import { HomeMemory } from '../../../src/ui/remembered-home.ts';

const A = { name: 'ws://a/mqtt', urls: ['ws://a/mqtt'], root: 'devices' };
const B = { name: 'ws://b/mqtt', urls: ['ws://b/mqtt'], root: 'devices' };

function area() {
  const entries = new Map<string, string>();
  return {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => entries.set(key, value),
    removeItem: (key: string) => entries.delete(key),
  };
}

type Area = ReturnType<typeof area>;
let tabs: { one: Area; two: Area };

/** The memory of this browser, seen from one of its tabs. */
function memoryIn(tab: Area): HomeMemory {
  vi.stubGlobal('sessionStorage', tab);
  return new HomeMemory('/');
}

beforeEach(() => {
  vi.stubGlobal('localStorage', area());
  tabs = { one: area(), two: area() };
  memoryIn(tabs.one).remember(A, 'ada', false);
  memoryIn(tabs.two).remember(B, 'ada', false);
});

test('each tab comes back to its own broker, whichever signed in last', () => {
  expect(memoryIn(tabs.one).latest(undefined)?.broker).toBe(A.name);
  expect(memoryIn(tabs.two).latest(undefined)?.broker).toBe(B.name);
});

test('a new tab, and one that left its broker, begin with the last one of the browser', () => {
  expect(memoryIn(area()).latest(undefined)).toEqual({ broker: B.name, username: 'ada', url: B.urls[0] });
  memoryIn(tabs.one).dropTabHome();
  expect(memoryIn(tabs.one).latest(undefined)?.broker).toBe(B.name);
});

test('a broker that is asked for goes before the one of the tab, and one that nobody knows is none', () => {
  expect(memoryIn(tabs.one).latest(B.name)?.broker).toBe(B.name);
  expect(memoryIn(tabs.one).latest('elsewhere')).toBeUndefined();
});

test('two usernames at one broker: each tab comes back to its own', () => {
  memoryIn(tabs.two).remember(A, 'grace', false);
  expect(memoryIn(tabs.one).latest(undefined)?.username).toBe('ada');
  expect(memoryIn(tabs.one).latest(A.name)?.username).toBe('ada');
  expect(memoryIn(tabs.two).latest(undefined)?.username).toBe('grace');
});

test.each(['{', '7', '{"broker":"a"}', '{"broker":1,"username":"ada"}', 'null'])(
  'what the tab stored is %s: as a new tab',
  (text) => {
    tabs.one.setItem('telltale:/:home', text);
    expect(memoryIn(tabs.one).latest(undefined)?.broker).toBe(B.name);
  },
);
