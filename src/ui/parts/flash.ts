import type { Attachment } from 'svelte/attachments';

const FADE_MS = 150;

function wantsCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Fades an element's background whenever what `read` answers has changed. */
export function flash(read: () => unknown): Attachment<HTMLElement> {
  let first = true;
  let last: unknown;
  return (element) => {
    const now = read();
    const changed = !first && now !== last;
    first = false;
    last = now;
    if (!changed || wantsCalm()) return;
    element.animate([{ backgroundColor: 'var(--flash)' }, { backgroundColor: 'transparent' }], FADE_MS);
  };
}
