import type { Session } from '../connection/session.ts';
import { RetainedWait } from '../reading/retained-wait.ts';
import type { Clock } from '../time/clock.ts';

/**
 * Has a broker hand out what it keeps on one topic, where it does not for wildcards.
 * @param session answers with the live one, if any
 * @returns whether all has come that this sign-in is told; `false` when the link ended before
 */
export async function askForRetained(
  topic: string,
  clock: Clock,
  session: () => Session | undefined,
): Promise<boolean> {
  const asked = session();
  if (!asked) return false;
  const wait = new RetainedWait(clock);
  try {
    await asked.subscribe([topic], 1);
    wait.begin();
    await wait.come();
    await asked.unsubscribe([topic]);
  } catch {
    return false;
  }
  return session() === asked;
}
