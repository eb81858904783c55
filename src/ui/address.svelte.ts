import { formatAddress, parseAddress } from './parse-address.ts';
import type { Address, PageName, Range } from './parse-address.ts';

/** The page's address: what the hash says, kept up to date. */
export class CurrentAddress {
  #current = $state.raw<Address>(parseAddress(location.hash));
  /** Whether links have to name their broker, because the page offers several. */
  namesBroker = $state(false);
  /** The broker whose fleet is shown. */
  broker = $state<string>();

  constructor() {
    history.replaceState('seen', '');
    addEventListener('hashchange', () => {
      const left = this.#current;
      this.#current = parseAddress(location.hash);
      // An entry of the history that was seen before is one gone back to: the browser knows where one was on it.
      if (history.state !== null) return;
      history.replaceState('seen', '');
      const { page, device } = this.#current;
      if (page !== left.page || device !== left.device) scrollTo({ top: 0, behavior: 'instant' });
    });
  }

  get current(): Address {
    return this.#current;
  }

  toPage(page: PageName): string {
    return formatAddress({ page, ...this.#rest });
  }

  toDevice(device: string, range: Range = '15m'): string {
    return formatAddress({ page: 'device', device, range, ...this.#rest });
  }

  /** A new rule about a channel. */
  toRule(device: string, channel: string): string {
    return formatAddress({ page: 'alerts', about: { device, channel }, ...this.#rest });
  }

  go(hash: string): void {
    location.hash = hash;
  }

  get #rest(): { readonly broker?: string } {
    return this.namesBroker && this.broker !== undefined ? { broker: this.broker } : {};
  }
}
