/** The part of the Web Locks API that the tabs need. Rejects with `AbortError` when the lock is stolen or the wait is ended. */
export interface Locks {
  request(
    name: string,
    options: { readonly steal?: boolean; readonly signal?: AbortSignal },
    held: () => Promise<void>,
  ): Promise<void>;
}

/** One end of a channel that all tabs of this origin hear, the sender aside. What crosses is copied. */
export interface TabChannel {
  post(message: unknown): void;
  close(): void;
}

/** What a worker has of the other tabs' workers. */
export interface Peers {
  /** Whether several tabs can agree on one connection here; where not, why, in one sentence. */
  readonly shared: { readonly possible: true } | { readonly possible: false; readonly why: string };
  readonly locks: Locks;
  openChannel(name: string, receive: (message: unknown) => void): TabChannel;
}

/** Web Locks and BroadcastChannel: a lock is held inside the worker and goes when the tab closes or crashes. */
export function webPeers(locks: LockManager): Peers {
  return {
    shared: { possible: true },
    locks: {
      request: async (name, options, held) => {
        await locks.request(name, options, held);
      },
    },
    openChannel(name, receive) {
      const channel = new BroadcastChannel(name);
      // To post on a closed one throws, and what is under way in a tab that stands down may still end with a word.
      let open = true;
      channel.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data));
      return {
        post: (message) => {
          if (open) channel.postMessage(message);
        },
        close: () => {
          open = false;
          channel.close();
        },
      };
    },
  };
}

/** Where there are no Web Locks every tab is on its own: nobody waits for a lock and nobody hears anybody. */
export function noPeers(why: string): Peers {
  return {
    shared: { possible: false, why },
    locks: { request: (_name, _options, held) => held() },
    openChannel: () => ({ post: () => {}, close: () => {} }),
  };
}
