import { SvelteMap } from 'svelte/reactivity';
import type { DescriptionDocument, DeviceKey } from '../../../../model/device.ts';
import type { SessionHome } from '../../../session.svelte.ts';

/** A change that was made from this page and can be taken back. */
export interface Change {
  /** What stood before; `null` for nothing. */
  readonly from: DescriptionDocument | null;
  readonly to: DescriptionDocument | null;
  readonly answer: 'accepted' | 'sent';
}

/**
 * The last change of each device's description, by {@link changeKey}. Outlives the device, which is gone when its description
 * was all there was.
 */
export const lastChanges = new SvelteMap<string, Change>();

/** Two brokers may have a device of the same name, and what one person did is not another's to take back. */
export function changeKey(home: SessionHome | undefined, device: DeviceKey): string {
  return JSON.stringify([home?.profile.name, home?.username, device]);
}
