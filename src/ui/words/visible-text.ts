/**
 * Characters that can hide or reorder what a person reads: C0 and C1 controls, bidirectional marks, embeddings and
 * isolates, zero-width characters, line separators, the byte order mark, tags, and lone surrogates.
 */
const DECEPTIVE =
  // eslint-disable-next-line no-control-regex -- finding control characters is the purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;

function escaped(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** Foreign text on one line, with every character that could hide or reorder the rest written as `\uXXXX`. */
export function visibleText(text: string): string {
  return text.replace(DECEPTIVE, escaped);
}

/** As {@link visibleText}, but line breaks and tabs stay: for a block of text shown as it was received. */
export function visibleBlock(text: string): string {
  return text.replace(DECEPTIVE, (char) => (char === '\n' || char === '\t' ? char : escaped(char)));
}

/** `text` made visible and cut to at most `max` characters, an ellipsis included. */
export function shortText(text: string, max: number): string {
  const head = visibleText(text.slice(0, max + 1));
  return head.length <= max ? head : `${head.slice(0, max - 1)}…`;
}
