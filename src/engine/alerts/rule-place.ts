import type { AlertRule, ScopedDevice } from '../../model/alert/rule.ts';
import type { DeviceState } from '../live/device-state.ts';

/** What the scope of a rule looks at: what is published, so that no description of this browser alone can silence a rule. */
export function scopedOf(device: DeviceState): ScopedDevice {
  const { kind, model, location } = device.published ?? {};
  return {
    id: device.id,
    ...(kind !== undefined && { kind }),
    ...(model !== undefined && { model }),
    ...(location !== undefined && { location }),
  };
}

/** Whether two rules watch for the same thing, so that what one raised stands under the other. */
export function samePlace(a: AlertRule, b: AlertRule): boolean {
  return a === b || (a.for === b.for && JSON.stringify(a.on) === JSON.stringify(b.on));
}
