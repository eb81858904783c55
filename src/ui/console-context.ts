import { createContext } from 'svelte';
import type { CurrentAddress } from './address.svelte.ts';
import type { PageClock } from './clock.svelte.ts';
import type { EngineClient } from './engine.svelte.ts';
import type { Live } from './live/live.svelte.ts';
import type { Messages } from './messages.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Session } from './session.svelte.ts';

/** What every page works with; made once in main.ts and handed down. */
export interface Console {
  readonly engine: EngineClient;
  readonly live: Live;
  readonly session: Session;
  readonly address: CurrentAddress;
  readonly clock: PageClock;
  readonly messages: Messages;
  readonly preferences: Preferences;
}

export const [getConsole, setConsole] = createContext<Console>();
