import { beforeEach, expect, test, vi } from 'vitest';
import type { EngineClient } from '../../../src/ui/engine.svelte.ts';
import { LinkMemory } from '../../../src/ui/link-memory.ts';
import { HomeMemory } from '../../../src/ui/remembered-home.ts';
import { Session } from '../../../src/ui/session.svelte.ts';

const broker = (name: string) => ({ name, urls: [`ws://${name}/mqtt`], root: 'devices' });
const OFFERED = ['A', 'B', 'C'].map(broker);

/** What the engine was asked, and the answer to `leave` that the test gives. */
let calls: string[];
let left: () => void;
let session: Session;

function area() {
  const entries = new Map<string, string>();
  return {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => entries.set(key, value),
    removeItem: (key: string) => entries.delete(key),
  };
}

beforeEach(async () => {
  vi.stubGlobal('localStorage', area());
  vi.stubGlobal('sessionStorage', area());
  calls = [];
  const call = (name: string, request?: { profile: { name: string } }) => {
    calls.push(request ? `${name} ${request.profile.name}` : name);
    return name === 'leave' ? new Promise<void>((resolve) => (left = resolve)) : Promise.resolve();
  };
  const memory = new HomeMemory('/');
  for (const one of OFFERED.slice(0, 2)) memory.remember(one, 'ada', true);
  const page = new URL('https://plant.example/');
  session = new Session({ call } as unknown as EngineClient, memory, new LinkMemory('/'), OFFERED, page);
  await session.resume('A');
});

test('the address names a third broker while the first is being left: the third is opened', async () => {
  const first = session.switchTo('C');
  await session.switchTo('B');
  left();
  await first;
  expect(session.home?.profile.name).toBe('B');
  expect(calls).toEqual(['open A', 'leave', 'open B']);
});

test('back from a broker that nobody here signed in to, the one before is there again', async () => {
  const away = session.switchTo('C');
  left();
  await away;
  expect(session.home).toBeUndefined();
  const back = session.switchTo('A');
  left();
  await back;
  expect(session.home?.profile.name).toBe('A');
});

test('an address that names the broker that is shown, or is being opened, changes nothing', async () => {
  await session.switchTo('A');
  const away = session.switchTo('B');
  await session.switchTo('B');
  left();
  await away;
  expect(calls).toEqual(['open A', 'leave', 'open B']);
});
