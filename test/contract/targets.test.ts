import { readdirSync } from 'node:fs';
import { isAbsolute, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadPolicy } from '../../broker-config/load-policy.ts';
import { loadTargets } from '../../broker-config/load-targets.ts';

const targets = await loadTargets();
const policy = await loadPolicy({ devices: ['pump-1', '__proto__', 'constructor'] });

test('every file on the shelf is a target of its own name', () => {
  const shelf = fileURLToPath(new URL('../../broker-config/targets', import.meta.url));
  const files = readdirSync(shelf).filter((name) => name.endsWith('.ts'));
  expect(files.sort()).toEqual(targets.map(({ name }) => `${name}.ts`).sort());
});

describe.each(targets.map((target) => [target.name, target] as const))('%s', (_name, target) => {
  const files = target.compile(policy, {});

  test('writes at least one file, each inside its folder and only once', () => {
    expect(target.title).not.toBe('');
    expect(files.length).toBeGreaterThan(0);
    for (const { path } of files) {
      expect(isAbsolute(path)).toBe(false);
      expect(normalize(path)).toBe(path);
      expect(path.startsWith('..')).toBe(false);
    }
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  });

  test('gives the same text for the same policy, and changes nothing in it', () => {
    const before = JSON.stringify(policy);
    expect(target.compile(policy, {})).toEqual(files);
    expect(JSON.stringify(policy)).toBe(before);
  });

  test('ends each file with one newline and has no carriage return or control character in it', () => {
    for (const { text } of files) {
      expect(text).toMatch(/[^\n]\n$/);
      expect(text).not.toMatch(/[^\n\P{Cc}]/u);
    }
  });

  test.skipIf(isFront(target))('names every principal', () => {
    const all = files.map(({ text }) => text).join('\n');
    for (const { username } of policy.principals) expect(all).toContain(username);
  });

  test('comes with a README that says how to install, reload and revoke, and what the broker cannot do', () => {
    if (target.name === 'demo') return;
    const text = files.find(({ path }) => path === 'README.md')?.text ?? '';
    expect(text).toContain('## What');
    expect(text).toMatch(/revoke/i);
    expect(text).toMatch(/reload|by itself|create-policy/);
  });

  test('says in each file that nobody has run it, where nobody has', () => {
    if (!['aws', 'emqx', 'hivemq'].includes(target.name)) return;
    expect(target.title).toContain('not run by us');
    for (const { text } of files) expect(text).toMatch(/not ?run ?by ?us/i);
  });

  test('compiles a policy in which nobody is', () => {
    expect(() => target.compile({ ...policy, roots: ['plant/line-1'], principals: [] }, {})).not.toThrow();
  });
});

/** A web server knows nobody. */
function isFront({ name }: { readonly name: string }): boolean {
  return name === 'nginx' || name === 'caddy';
}
