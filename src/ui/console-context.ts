import { createContext } from 'svelte';
import type { AlertSignals } from './alert-signals.svelte.ts';
import type { CurrentAddress } from './address.svelte.ts';
import type { PageClock } from './clock.svelte.ts';
import type { EngineClient } from './engine.svelte.ts';
import type { FleetView } from './pages/fleet/fleet-view.svelte.ts';
import type { InstallOffer } from './install-offer.svelte.ts';
import type { Live } from './live/live.svelte.ts';
import type { MeasuredTraffic } from './measured-traffic.ts';
import type { Messages } from './messages.svelte.ts';
import type { OfflineCopy } from './offline-copy.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { ScreenWake } from './screen-wake.svelte.ts';
import type { Session } from './session.svelte.ts';
import type { UnfinishedForms } from './unfinished-forms.svelte.ts';

/** What every page works with; made once in start.ts and handed down. */
export interface Console {
  readonly engine: EngineClient;
  readonly live: Live;
  readonly session: Session;
  readonly address: CurrentAddress;
  readonly clock: PageClock;
  readonly traffic: MeasuredTraffic;
  readonly messages: Messages;
  readonly preferences: Preferences;
  readonly offlineCopy: OfflineCopy;
  readonly install: InstallOffer;
  readonly screen: ScreenWake;
  readonly signals: AlertSignals;
  readonly unfinished: UnfinishedForms;
  readonly fleetView: FleetView;
}

export const [getConsole, setConsole] = createContext<Console>();
