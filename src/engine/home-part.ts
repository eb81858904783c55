import type { Counters } from '../engine-api/frame.ts';
import type { Link } from '../engine-api/link.ts';
import type { BrokerTruth } from '../model/broker-truth.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { History } from './history/history.ts';
import type { HomeAlerts } from './alerts/home-alerts.ts';
import { markGranted } from './link/mark-granted.ts';
import type { Part } from './feed/part.ts';
import type { Problems } from './problems.ts';
import type { Subscriptions } from './link/subscriptions.ts';

/** What of a home the parts are read from. */
interface Shown {
  readonly history: Pick<History, 'storage' | 'counts'>;
  readonly alerts: Pick<HomeAlerts, 'list' | 'state'>;
  readonly subscriptions: Pick<Subscriptions, 'list'>;
  readonly problems: Pick<Problems, 'list' | 'total'>;
  readonly counts: Omit<Counters, keyof History['counts'] | 'problems'>;
}

/** What only the home itself knows. */
interface Inside {
  readonly link: () => Link;
  readonly truth: () => BrokerTruth;
  readonly policy: PolicyDocument | null;
}

/** The parts of a home that cross to the page as a whole. */
export function homePart(part: Part, home: Shown, inside: Inside): unknown {
  switch (part) {
    case 'link':
      return inside.link();
    case 'storage':
      return home.history.storage;
    case 'alerts':
      return home.alerts.list();
    case 'rules':
      return home.alerts.state;
    case 'subscriptions':
      return markGranted(home.subscriptions.list(), inside.truth(), inside.policy);
    case 'problems':
      return home.problems.list();
    case 'policy':
      return inside.policy;
    case 'counters':
      return { ...home.counts, ...home.history.counts, problems: home.problems.total } satisfies Counters;
  }
}
