import { expect, it } from 'vitest';
import { namesOf } from '../../../src/node/host-names.ts';
import { isAllowedOrigin } from '../../../src/node/web-socket.ts';

it.each([
  [undefined, true],
  ['http://127.0.0.1:8080', true],
  ['https://localhost', true],
  ['http://[::1]:8080', true],
  ['http://BOX.lan:8080', true],
  ['https://example.com', false],
  ['http://127.0.0.1.example.com', false],
  ['http://localhost@example.com', false],
  ['null', false],
  ['', false],
  ['file://', false],
  ['chrome-extension://localhost', false],
])('a page from %s, served on box.lan: %s', (origin, allowed) => {
  expect(isAllowedOrigin(origin, namesOf('Box.lan'))).toBe(allowed);
});
