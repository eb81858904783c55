import { randomBytes } from 'node:crypto';

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';

/** Sixteen bits as a word that can be spoken: consonant, vowel, consonant, vowel, consonant (proquints). */
function word(bits: number): string {
  const consonant = (shift: number) => CONSONANTS[(bits >> shift) & 15];
  const vowel = (shift: number) => VOWELS[(bits >> shift) & 3];
  return `${consonant(12)}${vowel(10)}${consonant(6)}${vowel(4)}${consonant(0)}`;
}

/** A password that a person can type on a phone: four words, 64 random bits. */
export function personPassword(): string {
  const bytes = randomBytes(8);
  return [0, 2, 4, 6].map((at) => word(bytes.readUInt16BE(at))).join('-');
}

/** A password for a device: 128 random bits, nothing that a shell would read. */
export function devicePassword(): string {
  return randomBytes(16).toString('hex');
}
