import type { Credential } from '../../model/broker.ts';
import type { LinkSettings } from '../../model/link-settings.ts';
import type { Ending } from '../connection/refusal.ts';

/** What a tab needs to take over the link as the one before had it. Every tab of a home is told. */
export interface HandOver {
  /** Missing when nobody is signed in. */
  readonly credential?: Credential;
  /** How the link is used; missing where it was not changed since the home was opened. */
  readonly link?: LinkSettings;
  /** Why the link was ended for good: whoever takes over shows it, and tries nothing until somebody asks for it. */
  readonly refusal?: Ending;
}

/** The term of leadership under which a home is opened. */
export interface Lead {
  /** It is above this one. */
  readonly above: number;
  /** A write was refused, since a later term has begun. */
  readonly onOldTerm?: () => void;
  /** The link was ended for good; or, without an ending, there is one again. */
  readonly onRefusal?: (refusal?: Ending) => void;
}
