/** 32 letters and digits without those that look alike: 21 of them are 105 bits. */
const ID_LETTERS = 'abcdefghjkmnpqrstuvwxyz023456789';

/** An unguessable id: 23 characters of `[a-z0-9]`. */
export function newClientId(random: (n: number) => Uint8Array): string {
  return 'tt' + Array.from(random(21), (byte) => ID_LETTERS[byte % 32]).join('');
}
