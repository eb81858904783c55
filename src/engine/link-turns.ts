import type { Clock } from './time/clock.ts';
import type { ConnectionState } from './connection/connection.ts';
import type { Ending } from './connection/refusal.ts';
import type { Session } from './connection/session.ts';
import type { History } from './history/history.ts';
import type { HomeAlerts } from './alerts/home-alerts.ts';
import type { LiveState } from './live/live-state.ts';
import { Outage } from './link/outage.ts';
import type { Outbox } from './commands/outbox.ts';
import type { Pages } from './feed/pages.ts';
import type { Subscriptions } from './link/subscriptions.ts';

/** Knows only what the broker hands out on this link. */
interface Retained {
  granted(): void;
  down(): void;
}

export interface LinkTurnsOptions {
  readonly clock: Clock;
  readonly live: LiveState;
  readonly history: History;
  readonly pages: Pages;
  readonly alerts: HomeAlerts;
  readonly subscriptions: Subscriptions;
  readonly outbox: Outbox;
  readonly retained: readonly Retained[];
  readonly link: { readonly session: Session | undefined; readonly queues: boolean };
}

/** What the parts of a home do when its link comes, falls silent or goes. */
export class LinkTurns {
  readonly outage: Outage;
  readonly #home: LinkTurnsOptions;

  constructor(home: LinkTurnsOptions) {
    this.#home = home;
    this.outage = new Outage(home.history.remembered.heardUntil);
  }

  /** The broker has let this sign-in in. */
  async live(session: Session): Promise<void> {
    const { clock, live, history, pages, alerts, subscriptions, outbox, retained, link } = this.#home;
    const gapSince = this.outage.gapSince(session.sessionPresent && link.queues);
    live.link(true, clock.now());
    outbox.pump();
    void history.rememberProtocol(session.protocol);
    await subscriptions.live(session);
    if (link.session !== session) return;
    // Telemetry at QoS 0 was lost until the broker had granted the subscriptions again.
    const now = clock.now();
    for (const part of retained) part.granted();
    if (gapSince !== undefined && now > gapSince) {
      history.gap(gapSince, now);
      pages.gap({ from: gapSince, to: now });
    }
    alerts.rules.regain(now, gapSince !== undefined);
    this.outage.end();
    history.heard(now);
  }

  /** The link is gone. */
  down(heardAt: number, ending: Ending | undefined): void {
    const { clock, live, history, alerts, subscriptions, outbox, retained } = this.#home;
    for (const part of retained) part.down();
    history.heard(this.outage.begin(heardAt));
    alerts.rules.lose(heardAt);
    live.link(false, clock.now());
    live.unconfirm();
    subscriptions.down(ending);
    outbox.down();
  }

  /** The link is in another state. */
  state({ phase }: ConnectionState): void {
    const { clock, live, pages, alerts, outbox } = this.#home;
    // Half-open looks like silence: what is shown stops being live at the same moment.
    const now = clock.now();
    if (phase === 'stale') {
      live.link(false, now);
      alerts.rules.lose(now);
    }
    if (phase === 'live') {
      live.link(true, now);
      if (!this.outage.lasts) alerts.rules.regain(now, false);
      outbox.pump();
    }
    pages.part('link');
  }
}
