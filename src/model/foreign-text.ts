/**
 * Control characters and the marks that turn the writing direction: foreign text that holds them can fake the words
 * around it (Trojan Source, CVE-2021-42574).
 */
const DECEPTIVE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Foreign text cut to `max` UTF-16 units, without a half character at the end. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  const half = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, half ? max - 1 : max)}…`;
}

/** Foreign text as one safe line of at most `max` UTF-16 units: deceptive characters and outer spaces go. */
export function cleanText(text: string, max: number): string {
  // Cut twice: the first keeps the replacements short, whatever the length of the text.
  const short = text.length > max * 4 ? text.slice(0, max * 4) : text;
  return cutText(short.replace(DECEPTIVE, ' ').replace(LONE_SURROGATE, '\ufffd').trim(), max);
}

/** Foreign text in quotes for use in a sentence, at most 40 characters of it. */
export function quote(text: string): string {
  return `"${cleanText(text, 40)}"`;
}
