import { nativeId, type DeviceKey } from '../../../model/device.ts';

/** The topic on which something is said to a device or about it, where the convention of the house says it. */
export function deviceTopic(
  device: DeviceKey,
  root: string,
  leaf: 'cmd' | 'config' | 'meta',
): string | undefined {
  return device.startsWith('devices:') ? `${root}/${nativeId(device)}/${leaf}` : undefined;
}
