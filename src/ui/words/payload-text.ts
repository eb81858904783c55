import { visibleBlock } from './visible-text.ts';

/** A payload as people read it. */
export interface PayloadText {
  readonly as: 'text' | 'hex' | 'empty';
  readonly text: string;
}

const BYTES_PER_LINE = 16;
const MAX_HEX_BYTES = 4096;

function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  const shown = bytes.subarray(0, MAX_HEX_BYTES);
  for (let start = 0; start < shown.length; start += BYTES_PER_LINE) {
    const line = shown.subarray(start, start + BYTES_PER_LINE);
    const hex = Array.from(line, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    lines.push(`${start.toString(16).padStart(4, '0')}  ${hex}`);
  }
  if (bytes.length > MAX_HEX_BYTES) lines.push(`… ${bytes.length - MAX_HEX_BYTES} more bytes`);
  return lines.join('\n');
}

/**
 * UTF-8 as text with its hidden characters made visible, anything else as a hex dump of its first 4 KB.
 * `cut` says that the payload goes on, so that it may end within a character.
 */
export function payloadText(payload: Uint8Array, cut = false): PayloadText {
  if (payload.length === 0) return { as: 'empty', text: '' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload, {
      stream: cut,
    });
    // NUL never occurs in text that people wrote; a payload that has it is binary that happens to decode.
    if (!text.includes('\0')) return { as: 'text', text: visibleBlock(text) };
  } catch {
    // Not UTF-8: shown as bytes.
  }
  return { as: 'hex', text: hexDump(payload) };
}
