import { cutText } from '../../../../model/foreign-text.ts';
import { pathText } from '../../../../model/config/difference-text.ts';
import type { Difference } from '../../../../model/config/differences.ts';
import type { ApplyState } from './apply-run.svelte.ts';

const MAX_VALUE = 60;

export const APPLY_WORDS: Readonly<Record<ApplyState, string>> = {
  waiting: 'not sent',
  sending: 'on its way',
  accepted: 'done',
  sent: 'sent, not confirmed',
  conflict: 'changed by somebody else',
  failed: 'failed',
};

/** A place in a description and what stands there before and after: `channels.t.unit: nothing → "°C"`. */
export function placeChange({ path, from, to }: Difference): { place: string; from: string; to: string } {
  return { place: pathText(path), from: shown(from), to: shown(to) };
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : cutText(JSON.stringify(value) ?? 'nothing', MAX_VALUE);
}
