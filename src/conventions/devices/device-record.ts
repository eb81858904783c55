import { DeviceTimeReader } from '../../model/device-time.ts';

/** What the convention has to remember of one device between two messages. */
export class DeviceRecord {
  readonly id: string;
  readonly time = new DeviceTimeReader();
  /** Whether a status, and a description, was seen and not cleared since. */
  hasStatus = false;
  hasMeta = false;

  constructor(id: string) {
    this.id = id;
  }
}
