import { errorName } from './error-name.ts';

interface Abortable {
  readonly done: Promise<void>;
  readonly error: DOMException | null;
  abort(): void;
}

/**
 * Runs the writes of a transaction and answers when it is durable: all of them or none. `write` hands each request to
 * `add`. A write that throws before it becomes a request would otherwise let the ones before it commit. Rejects with what
 * failed first; where all say only that they were cut off, with the transaction's own error, which says why (quota, say).
 */
export async function wholeOrNothing<T>(
  tx: Abortable,
  write: (add: (request: Promise<unknown>) => void) => T | Promise<T>,
): Promise<T> {
  const requests: Promise<unknown>[] = [tx.done];
  // All are awaited below; the first to fail must not leave the others unhandled.
  tx.done.catch(() => undefined);
  try {
    const answer = await write((request) => {
      request.catch(() => undefined);
      requests.push(request);
    });
    await Promise.all(requests);
    return answer;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It has aborted already.
    }
    throw (await firstCause(requests)) ?? tx.error ?? error;
  }
}

async function firstCause(requests: readonly Promise<unknown>[]): Promise<unknown> {
  for (const outcome of await Promise.allSettled(requests)) {
    if (outcome.status === 'rejected' && errorName(outcome.reason) !== 'AbortError') return outcome.reason;
  }
  return undefined;
}
