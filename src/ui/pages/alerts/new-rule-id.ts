const LETTERS = 'abcdefghjkmnpqrstuvwxyz023456789';

/** An id that no other rule has. Works in an insecure context as well, where `randomUUID` does not. */
export function newRuleId(): string {
  return `r-${Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => LETTERS[byte % 32]).join('')}`;
}
