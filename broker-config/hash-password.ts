import { createHash, randomBytes } from 'node:crypto';
import { hashSync } from 'bcryptjs';
import { passwordLine } from './mosquitto-password.ts';
import type { HashName } from './target.ts';

/** Of bcrypt; what `newPassword` makes is not guessable at any cost, and a fleet that comes back signs in all at once. */
const COST = 4;

/** A password as one kind of broker keeps it. */
export function hashPassword(name: HashName, password: string): string {
  switch (name) {
    case 'mosquitto':
      return passwordLine('', password).slice(1);
    case 'bcrypt':
      // NATS knows it by this name alone; for passwords of plain letters the two are the same.
      return hashSync(password, COST).replace(/^\$2b\$/, '$2a$');
    case 'rabbitmq': {
      const salt = randomBytes(4);
      const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
      return Buffer.concat([salt, digest]).toString('base64');
    }
  }
}
