import type { EngineClient } from './engine.svelte.ts';

/**
 * Tells the engine when the network or this page is back from wherever the browser had put it. That a page is seen again
 * goes with its credit. Both events are hints: the engine asks the socket rather than believing them.
 */
export function retryLinkOnReturn(engine: EngineClient): void {
  const retry = () => void engine.call('retryNow').catch(() => undefined);
  addEventListener('online', retry);
  addEventListener('pageshow', (event) => {
    if (event.persisted) retry();
  });
}
