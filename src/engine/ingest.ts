import type { MessageMeta } from '../model/convention.ts';
import type { EffectTarget } from './effects.ts';
import { applyEffect } from './effects.ts';
import type { Problems } from './problems.ts';
import type { Routes } from './reading/routes.ts';

/** What the spine hands a message on to. */
export interface IngestTarget extends EffectTarget {
  readonly routes: Routes;
  readonly problems: Problems;
  readonly counts: { received: number; bytes: number; samples: number };
  /** Reads what the page keeps on the broker: the policy document of the signed-in user, the site's rules; answers whether the topic was such. */
  readonly readDocument: (topic: string, payload: Uint8Array) => boolean;
}

/**
 * What happens when a message arrives. One call per step; everything is done when it returns, except that history
 * writes what it was given with its next flush and the page gets its frame at the end of the turn.
 */
export function ingest(target: IngestTarget, topic: string, payload: Uint8Array, meta: MessageMeta): void {
  target.counts.received++;
  target.counts.bytes += topic.length + payload.length;
  target.pages.part('counters');
  if (target.readDocument(topic, payload)) return;

  // 1. Route by topic: which conventions asked for it.
  const readers = target.routes.of(topic, meta.notes);
  // By number, here and below: an iterator would be an object for every message.
  for (let i = 0; i < readers.length; i++) {
    const reader = readers[i]!;
    // A convention that throws, or whose effects cannot be carried out, is a visible problem, never a dead page.
    try {
      // 2. The convention reads bytes and says what they mean.
      const effects = reader.session.read(topic, payload, meta);
      for (let j = 0; j < effects.length; j++) {
        // 3. Effects on live state, 4. samples to history, and 6. marks for the next frame: see effects.ts.
        const device = applyEffect(target, reader, effects[j]!, topic, payload, meta);
        // 5. Alerts follow from the device's new state.
        if (device) target.alerts.check(device, meta.receivedAt);
      }
    } catch (error) {
      target.problems.add(
        meta.receivedAt,
        topic,
        `The convention ${reader.name} failed on this message: ${String(error)}`,
      );
    }
  }
}
