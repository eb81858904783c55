import type { StorageState } from '../../engine-api/frame.ts';
import type { Link } from '../../engine-api/link.ts';
import type { HomeLink } from './home-link.ts';
import type { World } from '../world/world.ts';

const NO_QUEUE =
  'The broker keeps nothing while this page is away, since it would not be known again when it is back.';

/** The link as a page of the leading tab is told of it, with what the page lacks here. */
export function pageLink(
  { state, settings, lacksQueue }: HomeLink,
  { peers, lacks }: World,
  storage: StorageState,
): Link {
  return {
    ...state,
    settings,
    tab: peers.shared.possible ? 'leader' : 'alone',
    lacks: [
      ...(peers.shared.possible ? [] : [peers.shared.why]),
      ...lacks,
      ...(storage.reason ? [storage.reason] : []),
      ...(lacksQueue ? [NO_QUEUE] : []),
    ],
  };
}
