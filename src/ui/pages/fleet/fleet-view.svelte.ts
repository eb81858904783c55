import { untrack } from 'svelte';
import type { DeviceStatus } from '../../../model/device.ts';
import type { DeviceRow } from '../../../engine-api/frame.ts';
import { arrangeFleet } from '../../live/fleet-order.ts';
import type { ArrangedFleet, FleetSort } from '../../live/fleet-order.ts';
import type { Live } from '../../live/live.svelte.ts';
import { isFound, searchText, searchWords } from '../../live/search.ts';
import { shownStatus } from '../../live/shown-value.ts';

/** Sorting ten thousand devices takes a few ms: not with every frame. */
const PAUSE_MS = 250;
/** Nothing moves under a finger: the order stays for this long after the pointer last moved over the fleet. */
const POINTER_CALM_MS = 2000;

const EMPTY: ArrangedFleet = {
  keys: [],
  counts: { online: 0, offline: 0, stale: 0, unknown: 0 },
  kinds: [],
  total: 0,
};

/** What the fleet page is asked to show, and the order that follows from it. */
export class FleetView {
  #live: Live;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastRun = 0;
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
    this.#lastRun = Date.now();
    untrack(() => (this.arranged = this.#arrange()));
  }

  /** The fleet changed: soon, and not while the pointer is about to click something. */
  arrangeSoon(): void {
    if (this.#timer !== undefined) return;
    const now = Date.now();
    const wait = Math.max(this.#lastRun + PAUSE_MS, this.#lastPointer + POINTER_CALM_MS) - now;
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
