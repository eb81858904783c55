import type { Attachment } from 'svelte/attachments';

const FADE_MS = 150;
/** What changes more often than this would only be tinted, and each fade costs as much as drawing the value. */
const CALM_MS = 1000;

function wantsCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Fades an element's background when what `read` answers has changed after a while in which it did not. */
export function flash(read: () => unknown): Attachment<HTMLElement> {
  let first = true;
  let last: unknown;
  let changedAt = -Infinity;
  return (element) => {
    const now = read();
    const changed = !first && now !== last;
    first = false;
    last = now;
    if (!changed) return;
    const at = performance.now();
    const calm = at - changedAt >= CALM_MS;
    changedAt = at;
    if (!calm || wantsCalm()) return;
    element.animate([{ backgroundColor: 'var(--flash)' }, { backgroundColor: 'transparent' }], FADE_MS);
  };
}
