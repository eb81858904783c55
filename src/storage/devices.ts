import type { DeviceDescription, DeviceKey, Online } from '../model/device.ts';

/** What is remembered of a device beside its samples. Times are epoch ms. */
export interface DeviceRecord {
  readonly key: DeviceKey;
  readonly online: Online;
  readonly statusSince?: number;
  readonly lastSeen?: number;
  readonly description?: DeviceDescription;
}
