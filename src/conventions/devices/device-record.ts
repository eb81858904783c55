import { DeviceTimeReader } from '../../model/device-time.ts';
import type { FleetShapes } from './fleet-shapes.ts';
import type { TelemetryShape } from './telemetry-shape.ts';

/** What the convention has to remember of one device between two messages. */
export class DeviceRecord {
  readonly id: string;
  readonly time = new DeviceTimeReader();
  /** The shapes of its telemetry that are known: a device has one or a few. */
  readonly shapes: TelemetryShape[] = [];
  readonly fleet: FleetShapes;
  /** Whether a status, and a description, was seen and not cleared since. */
  hasStatus = false;
  hasMeta = false;
  /** It was taken out of the fleet; should it come back, as another. */
  forgotten = false;

  constructor(id: string, fleet: FleetShapes) {
    this.id = id;
    this.fleet = fleet;
  }
}
