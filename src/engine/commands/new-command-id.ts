const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Small devices take 256-byte packets, so an id is at most 22 characters (design, section 7). */
const LENGTH = 22;

/** An id that no other console makes: 132 random bits in `[A-Za-z0-9_-]`. */
export function newCommandId(random: (n: number) => Uint8Array): string {
  return Array.from(random(LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
