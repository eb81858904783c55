/** What a page may ask of the network besides its WebSocket. */
export interface Network {
  /** The browser says that there is one. */
  online(): boolean;
  /**
   * Asks a web address for anything. Resolves when somebody answers, with the status where the page is told it; rejects when
   * nobody does, without a reason.
   */
  ask(url: string, signal: AbortSignal): Promise<number | undefined>;
  /** The permission to reach the local network, in browsers that have one. */
  localNetwork(): Promise<'granted' | 'denied' | 'prompt' | undefined>;
}

/** The browser's own, of a page or a worker. */
export const browserNetwork: Network = {
  online: () => navigator.onLine,
  async ask(url, signal) {
    // Without CORS a page learns that somebody answered, and no more; a page of the same origin learns the status, too.
    const response = await fetch(url, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal });
    return response.type === 'opaque' ? undefined : response.status;
  },
  async localNetwork() {
    try {
      // Chromium from 142 on has it; others know no such name and throw.
      const name = 'local-network-access' as PermissionName;
      return (await navigator.permissions.query({ name })).state;
    } catch {
      return undefined;
    }
  },
};
