import { NO_RULES } from '../model/alert/rule-sets.ts';
import type { Link } from '../engine-api/link.ts';
import type { Part } from './feed/part.ts';
import type { World } from './world/world.ts';

/** What a page is told while no home is open. */
export function noHomePart(part: Part, world: World): unknown {
  const { peers, lacks, clock } = world;
  switch (part) {
    case 'link':
      return {
        phase: 'offline',
        cause: 'signed-out',
        since: clock.now(),
        attempts: 0,
        tab: peers.shared.possible ? 'leader' : 'alone',
        lacks: [...(peers.shared.possible ? [] : [peers.shared.why]), ...lacks],
      } satisfies Link;
    case 'storage':
      return { mode: 'opening' };
    case 'policy':
      return null;
    case 'rules':
      return NO_RULES;
    case 'counters':
      return {
        received: 0,
        bytes: 0,
        viewedBytes: 0,
        samples: 0,
        stored: 0,
        kept: 0,
        notKept: 0,
        problems: 0,
      };
    default:
      return [];
  }
}
