import { LiveState } from '../../src/engine/live/live-state.ts';
import { LocalDescriptions } from '../../src/engine/documents/local-descriptions.ts';
import { FakeClock } from './fake-clock.ts';
import { RecordedMarks } from './recorded-marks.ts';

/** The descriptions of a browser in which nobody has made one. */
export function noLocalDescriptions(): LocalDescriptions {
  return new LocalDescriptions({
    clock: new FakeClock(),
    live: new LiveState(new RecordedMarks()),
    readers: () => new Map(),
    stored: [],
    save: () => Promise.resolve(),
  });
}
