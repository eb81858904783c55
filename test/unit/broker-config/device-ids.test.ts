import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceIds } from '../../../broker-config/device-ids.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-ids-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('ids on the command line', async () => {
  expect(await deviceIds('pump-1, pump-2,')).toEqual(['pump-1', 'pump-2']);
});

test.each([
  ['one id a line', '# hall\npump-1\n\npump-2 # spare\n'],
  ['a JSON array', '["pump-1","pump-2"]'],
  ['credentials keyed by id', '{"pump-1":{"username":"pump-1"},"pump-2":{}}'],
])('ids in a file: %s', async (_form, text) => {
  const file = join(folder, 'ids');
  await writeFile(file, text);
  expect(await deviceIds(file)).toEqual(['pump-1', 'pump-2']);
});

test.each(['[1]', '[null, "a"]', '{"a":', '[["a"]]'])(
  'a file with %s is refused in one sentence',
  async (text) => {
    const file = join(folder, 'ids');
    await writeFile(file, text);
    await expect(deviceIds(file)).rejects.toThrow(/must be a JSON array of ids/);
  },
);
