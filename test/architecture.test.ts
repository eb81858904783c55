import { readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { circlesIn } from './support/circles.ts';
import { sourceFiles } from './support/source-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The engine is one room of many parts; the arrows between them go one way too. */
function engine(...parts: string[]): string[] {
  return parts.map((part) => `src/engine/${part}`);
}

/** Which rooms a room may import, itself aside, and which packages. Type-only imports count. */
const TABLE: Record<string, { rooms: string[]; packages: string[] }> = {
  'src/model': { rooms: [], packages: ['@cfworker/json-schema'] },
  'src/conventions': { rooms: ['src/model'], packages: [] },
  'src/engine-api': { rooms: ['src/model'], packages: [] },
  'src/storage': { rooms: ['src/model'], packages: ['idb'] },
  'src/demo': { rooms: ['src/model'], packages: [] },
  'src/engine': {
    rooms: [
      'src/model',
      'src/conventions',
      'src/engine-api',
      'src/storage',
      ...engine(
        'alerts',
        'commands',
        'connection',
        'documents',
        'feed',
        'history',
        'link',
        'live',
        'reading',
      ),
      ...engine('tabs', 'time', 'world'),
    ],
    packages: [],
  },
  'src/engine/link': {
    rooms: ['src/model', 'src/engine-api', ...engine('connection', 'history', 'reading', 'time', 'world')],
    packages: [],
  },
  'src/engine/documents': {
    rooms: ['src/model', 'src/engine-api', ...engine('commands', 'connection', 'live', 'reading', 'time')],
    packages: [],
  },
  'src/engine/alerts': {
    rooms: ['src/model', 'src/engine-api', ...engine('connection', 'feed', 'history', 'live', 'time')],
    packages: [],
  },
  'src/engine/commands': {
    rooms: ['src/model', 'src/engine-api', ...engine('connection', 'reading', 'time')],
    packages: [],
  },
  'src/engine/tabs': {
    rooms: ['src/model', 'src/engine-api', ...engine('connection', 'feed', 'time', 'world')],
    packages: [],
  },
  'src/engine/feed': { rooms: ['src/model', 'src/engine-api', ...engine('live', 'time')], packages: [] },
  'src/engine/live': { rooms: ['src/model', 'src/engine-api', 'src/storage'], packages: [] },
  'src/engine/history': {
    rooms: ['src/model', 'src/engine-api', 'src/storage', ...engine('time')],
    packages: [],
  },
  'src/engine/world': {
    rooms: ['src/model', 'src/storage', ...engine('connection', 'time')],
    packages: [],
  },
  'src/engine/connection': { rooms: ['src/model', 'src/engine-api', ...engine('time')], packages: ['mqtt'] },
  'src/engine/reading': { rooms: ['src/model', ...engine('time')], packages: [] },
  'src/engine/time': { rooms: ['src/model'], packages: [] },
  'src/ui': { rooms: ['src/model', 'src/engine-api'], packages: ['svelte', 'chart.js', 'virtua'] },
  'src/sw': { rooms: [], packages: [] },
  'src/node': {
    rooms: ['src/model', 'src/demo', 'broker-config', 'broker-config/targets'],
    packages: [
      'node:',
      'aedes',
      'aedes-persistence-level',
      'level',
      'mqtt',
      'ws',
      'sirv',
      '@peculiar/x509',
      'reflect-metadata',
    ],
  },
  'broker-config': {
    rooms: ['src/model', 'broker-config/targets'],
    packages: ['node:', 'yaml', 'mqtt', 'bcryptjs'],
  },
  'broker-config/targets': { rooms: ['src/model', 'broker-config'], packages: [] },
};

/** The room of a file is the longest entry of the table that it lies in. */
function roomOf(file: string): string | undefined {
  return Object.keys(TABLE)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

interface Import {
  readonly from: string;
  readonly target: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const script = file.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]).join('\n')
    : text;
  return ts
    .preProcessFile(script, true, true)
    .importedFiles.map(({ fileName }) => ({ from: file, target: fileName }));
}

/** A sentence for an arrow that is not in the table, else nothing. */
export function brokenRule({ from, target }: Import): string | undefined {
  // Addresses, never code.
  const addresses = ['../engine/worker.ts?worker&url', 'mqtt/dist/mqtt.esm?url'];
  if (from === 'src/ui/open-worker.ts' && addresses.includes(target)) return undefined;
  const room = roomOf(from);
  if (!room) return `${from} lies in no room`;
  if (!target.startsWith('.')) {
    const allowed = TABLE[room]?.packages.some(
      (p) => target === p || target.startsWith(p.endsWith(':') ? p : `${p}/`),
    );
    return allowed ? undefined : `${from} imports the package ${target}, which ${room} may not`;
  }
  const path = relative('.', normalize(join(dirname(from), target.replace(/\?.*$/, ''))));
  const other = roomOf(path);
  if (!other) return `${from} imports ${target}, which lies in no room`;
  if (other === room || TABLE[room]?.rooms.includes(other)) return undefined;
  return `${from} imports ${path}: no arrow leads from ${room} to ${other}`;
}

const files = sourceFiles(root, ['src', 'broker-config']);

describe('the rooms', () => {
  test('there is something to look at', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  test('every arrow is in the table', () => {
    expect(files.flatMap(importsOf).map(brokenRule).filter(Boolean)).toEqual([]);
  });

  test.each<[string, Import]>([
    ['the page reaches into the engine', { from: 'src/ui/App.svelte', target: '../engine/engine.ts' }],
    ['a convention touches storage', { from: 'src/conventions/devices.ts', target: '../storage/schema.ts' }],
    ['mqtt.js outside the connection', { from: 'src/engine/ingest.ts', target: 'mqtt' }],
    ['a part of the engine reaches up', { from: 'src/engine/live/live-state.ts', target: '../home.ts' }],
    ['idb outside storage', { from: 'src/engine/history/history.ts', target: 'idb' }],
    ['node in a pure room', { from: 'src/model/topic.ts', target: 'node:fs' }],
    ['the service worker imports the model', { from: 'src/sw/shell.ts', target: '../model/topic.ts' }],
    ['the engine imports the page', { from: 'src/engine/engine.ts', target: '../ui/main.ts' }],
  ])('the rule itself notices when %s', (_what, arrow) => {
    expect(brokenRule(arrow)).toBeDefined();
  });

  /** A device and the rules that watch it know each other. */
  const KNOWN = [['src/engine/live/alert-plan.ts', 'src/engine/live/device-state.ts']];

  test('no files import each other in a circle, types included', () => {
    const arrows = files.flatMap(importsOf).filter(({ target }) => target.startsWith('.'));
    const to = ({ from, target }: Import) => normalize(join(dirname(from), target));
    expect(circlesIn(arrows.map((arrow) => [arrow.from, to(arrow)]))).toEqual(KNOWN);
  });

  test('the search for circles finds one of three, and the file that only leads to it is not in it', () => {
    const arrows = ['1 2', '2 3', '3 4', '4 2'].map((arrow) => arrow.split(' ') as [string, string]);
    expect(circlesIn(arrows)).toEqual([['2', '3', '4']]);
  });

  test('the engine finds conventions on the shelf alone', () => {
    const named = files
      .filter((file) => file.startsWith('src/engine/'))
      .flatMap(importsOf)
      .filter(({ target }) => target.includes('/conventions/'));
    expect(named).toEqual([]);
  });
});

describe('the files', () => {
  test.each(files)('%s is short, and named for what it holds', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text.split('\n').length, 'lines').toBeLessThanOrEqual(400);
    expect(file).not.toMatch(/\/(utils?|helpers?|misc|common|types|stores)\/|\/index\.ts$/);
    expect(text, 'a default export').not.toMatch(/^export default/m);
    expect(text, 'a barrel').not.toMatch(/^export (\*|\{[^}]*\} from)/m);
    expect(text, 'raw HTML').not.toMatch(/\{@html/);
    if (!file.startsWith('src/ui/'))
      expect(text, 'a rune outside the page').not.toMatch(/\$(state|derived|effect)\b/);
  });
});
