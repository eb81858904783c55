import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { withoutPrincipal, withPrincipal } from '../../../broker-config/edit-roles.ts';
import { ROLES_FILE } from '../../../broker-config/load-policy.ts';
import { parsePolicySource } from '../../../broker-config/parse-policy.ts';

const own = await readFile(ROLES_FILE, 'utf8');
const foreign = await readFile('test/fixtures/foreign-roles.yaml', 'utf8');

function principalsOf(text: string) {
  const parsed = parsePolicySource(text);
  if (!parsed.ok) throw new Error(parsed.refusals.map(({ reason }) => reason).join('\n'));
  return parsed.source.principals;
}

test.each([
  ['our file', own, { username: 'wall', role: 'viewer' }],
  ['our file, without a newline at its end', own.trimEnd(), { username: 'wall', role: 'viewer' }],
  ["somebody else's file", foreign, { username: 'press-3', role: 'machine', id: 'press-3' }],
  ['a device that is called like a number', own, { username: '1234', role: 'device', id: '1234' }],
  ['a device with an id of its own', own, { username: 'gate', role: 'device', id: 'pump-9' }],
])('%s gets one line more and changes nowhere else', (_what, text, principal) => {
  const edited = withPrincipal(text, principal);
  expect(edited.startsWith(text.trimEnd())).toBe(true);
  expect(principalsOf(edited)).toEqual([...principalsOf(text), principal]);
  expect(edited.split('\n').length).toBe(text.trimEnd().split('\n').length + 2);
});

test('whoever is added and taken out again leaves no trace', () => {
  for (const text of [own, foreign]) {
    const role = text === own ? 'viewer' : 'visitor';
    expect(withoutPrincipal(withPrincipal(text, { username: 'wall', role }), 'wall')).toBe(text);
  }
});

const COMMENTED = `principals:
  a: x # the hall

  # Two of the night shift.
  b:
    role: y # not z
    id: q   # its plate says so
  c:   x
  # Nobody below this line.

# The end.
roles: {}
`;

test('a principal of several lines goes with all of them, and comments around it stay', () => {
  expect(withoutPrincipal(COMMENTED, 'b')).toBe(`principals:
  a: x # the hall

  # Two of the night shift.
  c:   x
  # Nobody below this line.

# The end.
roles: {}
`);
});

test('a new line comes after the last principal, before what the file says next', () => {
  const edited = withPrincipal(COMMENTED, { username: 'd', role: 'x' });
  expect(edited).toBe(COMMENTED.replace('  c:   x\n', '  c:   x\n  d: x\n'));
});

test('principals in one line are edited as well, and the comments of the file stay', () => {
  const text = '# head\nprincipals: { a: x, b: y } # all\n';
  const more = withPrincipal(text, { username: 'c', role: 'device', id: 'c1' });
  expect(more).toBe('# head\nprincipals: { a: x, b: y, c: { role: device, id: c1 } } # all\n');
  expect(withoutPrincipal(more, 'c')).toBe(text);
});

test('who is not there cannot be taken out', () => {
  expect(() => withoutPrincipal(own, 'nobody')).toThrow('There is no principal "nobody".');
});
