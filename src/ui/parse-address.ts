/** The ranges of a device's charts, in ms. */
export const RANGES = {
  '15m': 15 * 60_000,
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 24 * 3_600_000,
  '7d': 7 * 24 * 3_600_000,
  '30d': 30 * 24 * 3_600_000,
  '90d': 90 * 24 * 3_600_000,
  '1y': 365 * 24 * 3_600_000,
} as const;

export type Range = keyof typeof RANGES;

export const PAGES = ['fleet', 'alerts', 'commands', 'connection', 'settings', 'sign-in'] as const;
export type PageName = (typeof PAGES)[number];

/** What the part of the address after `#` means. */
export interface Address {
  readonly page: PageName | 'device' | 'unknown';
  /** The id of the device page. */
  readonly device?: string;
  readonly range: Range;
  /** On the page of alerts: what a new rule is to be about. */
  readonly about?: { readonly device: string; readonly channel: string };
  /** The broker's name, where the address gives one. */
  readonly broker?: string;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isRange(text: string | null): text is Range {
  return text !== null && Object.hasOwn(RANGES, text);
}

/** Reads a hash such as `#/device/pump-2?range=1h`. No hash at all is the fleet; a range that is not one is 15m. */
export function parseAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  const asked = parameters.get('range');
  const rest = {
    range: isRange(asked) ? asked : '15m',
    broker: parameters.get('broker') ?? undefined,
  } as const;
  const [first = '', ...others] = path.split('/');
  if (first === '') return { page: 'fleet', ...rest };
  const device = decoded(others.join('/'));
  if (first === 'device' && device !== '') return { page: 'device', device, ...rest };
  const page = PAGES.find((name) => name === first && others.length === 0);
  const [about, channel] = [parameters.get('about'), parameters.get('channel')];
  if (page === 'alerts' && about !== null && channel !== null)
    return { page, about: { device: about, channel }, ...rest };
  return { page: page ?? 'unknown', ...rest };
}

/** The hash of an address: the inverse of {@link parseAddress}. The range is written where it is not the default. */
export function formatAddress(address: Partial<Address> & { readonly page: Address['page'] }): string {
  const parameters = new URLSearchParams();
  if (address.page === 'device' && address.range !== undefined && address.range !== '15m') {
    parameters.set('range', address.range);
  }
  if (address.page === 'alerts' && address.about !== undefined) {
    parameters.set('about', address.about.device);
    parameters.set('channel', address.about.channel);
  }
  if (address.broker !== undefined) parameters.set('broker', address.broker);
  const path =
    address.page === 'device' ? `device/${encodeURIComponent(address.device ?? '')}` : address.page;
  const query = parameters.toString();
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}
