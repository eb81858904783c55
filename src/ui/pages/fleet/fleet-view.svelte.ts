import { untrack } from 'svelte';
import type { DeviceStatus } from '../../../model/device.ts';
import type { DeviceRow } from '../../../engine-api/frame.ts';
import { arrangeFleet } from '../../live/fleet-order.ts';
import type { ArrangedFleet, FleetSort } from '../../live/fleet-order.ts';
import type { Live } from '../../live/live.svelte.ts';
import { isFound, searchText, searchWords } from '../../live/search.ts';
import { shownStatus } from '../../live/shown-value.ts';

/** Sorting ten thousand devices takes a few ms: not with every frame, and never more than a tenth of the time. */
const PAUSE_MS = { least: 50, most: 250 };
const PAUSE_OF_RUN = 9;
/** Nothing moves under a finger: the order stays for this long after the pointer last moved over the fleet. */
const POINTER_CALM_MS = 2000;

const EMPTY: ArrangedFleet = {
  keys: [],
  counts: { online: 0, offline: 0, stale: 0, unknown: 0 },
  kinds: [],
  total: 0,
};

/** What the fleet page is asked to show, and the order that follows from it. What is asked stays while one looks at a device. */
export class FleetView {
  #live: Live;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Epoch ms; when the last run ended, and how long it took. */
  #lastRun = { at: 0, ms: 0 };
  #lastPointer = 0;
  query = $state('');
  status = $state<DeviceStatus | 'all'>('all');
  kind = $state('');
  sort = $state<FleetSort>('trouble');
  arranged = $state.raw<ArrangedFleet>(EMPTY);

  constructor(live: Live) {
    this.#live = live;
  }

  /** Whether the order depends on more than names and statuses, so that it has to be looked at every second. */
  get followsValues(): boolean {
    return this.query.trim() !== '' || this.sort === 'seen';
  }

  /** The person asked for something else: at once. */
  arrangeNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const began = performance.now();
    untrack(() => (this.arranged = this.#arrange()));
    this.#lastRun = { at: Date.now(), ms: performance.now() - began };
  }

  /** The fleet changed: soon, and not while the pointer is about to click something. */
  arrangeSoon(): void {
    if (this.#timer !== undefined) return;
    const now = Date.now();
    const { at, ms } = this.#lastRun;
    const pause = Math.min(PAUSE_MS.most, Math.max(PAUSE_MS.least, ms * PAUSE_OF_RUN));
    const wait = Math.max(at + pause, this.#lastPointer + POINTER_CALM_MS) - now;
    if (wait <= 0) this.arrangeNow();
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.arrangeSoon();
      }, wait);
    }
  }

  pointerMoved = (): void => {
    this.#lastPointer = Date.now();
  };

  /** The page is left. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.arranged = EMPTY;
  }

  #arrange(): ArrangedFleet {
    const live = this.#live;
    const words = searchWords(this.query);
    return arrangeFleet(
      live.devices.values(),
      (row) => shownStatus(row.status, live.link.phase),
      live.troubled,
      {
        status: this.status,
        kind: this.kind,
        sort: this.sort,
        found: (row, status) => words.length === 0 || isFound(this.#text(row, status), words),
      },
    );
  }

  #text(row: DeviceRow, status: DeviceStatus): string {
    const channels = row.channels.flatMap((series) => {
      const channel = this.#live.channels.get(series);
      return channel === undefined ? [] : [{ row: channel, shown: this.#live.values.get(series) }];
    });
    return searchText(row, status, channels);
  }
}
