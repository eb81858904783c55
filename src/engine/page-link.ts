import type { StorageState } from '../engine-api/frame.ts';
import type { Link } from '../engine-api/link.ts';
import type { ConnectionState } from './connection/connection.ts';
import type { World } from './world.ts';

/** The link as a page of the leading tab is told of it, with what the page lacks here. */
export function pageLink(state: ConnectionState, { peers, lacks }: World, storage: StorageState): Link {
  return {
    ...state,
    tab: peers.shared.possible ? 'leader' : 'alone',
    lacks: [
      ...(peers.shared.possible ? [] : [peers.shared.why]),
      ...lacks,
      ...(storage.reason ? [storage.reason] : []),
    ],
  };
}
