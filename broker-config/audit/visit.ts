import type { SignIn } from '../connect-to-broker.ts';
import { UserError, sentence } from '../user-error.ts';
import { Peer } from './peer.ts';

/** Somebody more at the broker; the witness when nobody is named. */
export type Come = (signIn?: SignIn) => Peer;

/**
 * Carries `work` out on a live broker. However it ends, with Ctrl-C as well, everybody has left afterwards and nothing is
 * retained on `topics`. Where nobody was let in there is nothing to clear, and only why is said.
 * @param witness may read and write everything
 * @throws UserError when interrupted (130), and when the broker does not let it clear up.
 */
export async function visit<T>(
  broker: string,
  witness: SignIn,
  topics: readonly string[],
  work: (come: Come) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  const peers: Peer[] = [];
  const come = (signIn = witness) => {
    const peer = new Peer(broker, signIn, interruption.signal);
    peers.push(peer);
    return peer;
  };
  const interrupt = () =>
    interruption.abort(new UserError('Interrupted. What was published is cleared again.', 130));
  // Not once: a terminal and npm both send it, and a second one would end the clearing.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupt);
  try {
    return await work(come);
  } finally {
    await Promise.all(peers.map((peer) => peer.end()));
    if (peers.some(({ wasLetIn }) => wasLetIn)) await clearUp(new Peer(broker, witness), topics);
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt);
  }
}

async function clearUp(cleaner: Peer, topics: readonly string[]): Promise<void> {
  try {
    await Promise.all(topics.map((topic) => cleaner.publish(topic, '', true)));
  } catch (error) {
    throw new UserError(
      `What was published could not be cleared again: ${sentence(error)} Run this once more when the broker is back.`,
    );
  } finally {
    await cleaner.end();
  }
}
