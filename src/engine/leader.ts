/** What a worker needs to know of the other tabs' workers. */
export interface Peers {
  /** Whether several tabs can agree on one connection here; where not, why, in one sentence. */
  readonly shared: { readonly possible: true } | { readonly possible: false; readonly why: string };
  /**
   * Takes the lead of a home. Resolves with the function that gives it back, or `undefined` when another tab has it.
   */
  lead(home: string): Promise<(() => void) | undefined>;
}

/** Takes the home's Web Lock, held inside the worker: it goes when the tab closes or crashes, without any message. */
export function webLockPeers(locks: LockManager): Peers {
  return {
    shared: { possible: true },
    lead: (home) =>
      new Promise((resolve, reject) => {
        locks
          .request(home, { ifAvailable: true }, (lock) => {
            if (!lock) {
              resolve(undefined);
              return undefined;
            }
            return new Promise<void>((release) => resolve(release));
          })
          .catch(reject);
      }),
  };
}

/** Where there are no Web Locks every tab is on its own. */
export function noPeers(why: string): Peers {
  return { shared: { possible: false, why }, lead: async () => () => {} };
}
