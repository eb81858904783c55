import type { DeviceChange, DeviceRow } from '../../engine-api/frame.ts';

/** A row that changed, with what the device said about itself before where the change does not say it anew. */
export function withDescription<Row extends DeviceRow>(
  change: DeviceChange,
  before: Row | undefined,
): DeviceChange {
  if (change.described || before === undefined) return change;
  return { ...change, description: before.description, local: before.local, config: before.config };
}
