import { pbkdf2Sync, randomBytes } from 'node:crypto';

/**
 * Mosquitto's own number. It would be far too few for a password that a person made up, but `newPassword` is 160 random
 * bits, which no number of rounds makes harder to guess; and devices sign in often.
 */
const ROUNDS = 101;

/** 160 random bits as 40 characters that no shell, URL, YAML or command line reads as anything else. */
export function newPassword(): string {
  return randomBytes(20).toString('hex');
}

/** A line of Mosquitto's password_file: `name:$7$rounds$salt$key`, PBKDF2 with SHA-512, base64. */
export function passwordLine(username: string, password: string): string {
  const salt = randomBytes(12);
  const key = pbkdf2Sync(password, salt, ROUNDS, 64, 'sha512');
  return `${username}:$7$${ROUNDS}$${salt.toString('base64')}$${key.toString('base64')}`;
}
