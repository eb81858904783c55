import { formatAddress, parseAddress } from './parse-address.ts';
import type { Address, PageName, Range } from './parse-address.ts';
import { scrollAtOnce, ScrollPlaces } from './scroll-places.ts';

/** The page's address: what the hash says, kept up to date. */
export class CurrentAddress {
  #current = $state.raw<Address>(parseAddress(location.hash));
  readonly #places = new ScrollPlaces();
  /** Whether links have to name their broker, because the page offers several. */
  namesBroker = $state(false);
  /** The broker whose fleet is shown. */
  broker = $state<string>();

  constructor() {
    history.replaceState('seen', '');
    addEventListener('hashchange', ({ oldURL }) => {
      const left = this.#current;
      this.#places.leave(oldURL);
      this.#current = parseAddress(location.hash);
      // An entry of the history that was seen before is one gone back to.
      const isBack = history.state !== null;
      if (!isBack) history.replaceState('seen', '');
      const { page, device } = this.#current;
      if (isBack) this.#places.comeBack(location.href);
      else if (page !== left.page || device !== left.device) scrollAtOnce(0);
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
