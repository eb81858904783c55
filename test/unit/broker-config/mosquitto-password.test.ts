import { pbkdf2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { newPassword, passwordLine } from '../../../broker-config/mosquitto-password.ts';

test('a password has at least 128 random bits and never begins with a dash', () => {
  const passwords = Array.from({ length: 100 }, newPassword);
  expect(new Set(passwords).size).toBe(100);
  for (const password of passwords) expect(password).toMatch(/^[0-9a-f]{32,}$/);
});

test('a line of the password file holds a salted hash, never the password', () => {
  const [line = '', other] = [passwordLine('viewer', 'secret'), passwordLine('viewer', 'secret')];
  expect(line).not.toBe(other);
  const [, rounds, salt, key] = /^viewer:\$7\$(\d+)\$([^$]+)\$([^$]+)$/.exec(line) ?? [];
  const expected = pbkdf2Sync('secret', Buffer.from(salt ?? '', 'base64'), Number(rounds), 64, 'sha512');
  expect(key).toBe(expected.toString('base64'));
});
