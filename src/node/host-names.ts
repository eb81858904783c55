import { hostname, networkInterfaces } from 'node:os';

/** Whether only this machine can reach what listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Whether `host` stands for all addresses of the machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** The machine's addresses in its networks, without those that need an interface name (link-local IPv6). */
export function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80:'))
    .map(({ address }) => address);
}

/** Every name and address under which a page served on `host` can be opened, lower case, IPv6 without brackets. */
export function namesOf(host: string): Set<string> {
  const names = ['localhost', '127.0.0.1', '::1'];
  if (isWildcard(host)) names.push(...lanAddresses(), hostname(), `${hostname()}.local`);
  else names.push(host);
  return new Set(names.map((name) => name.toLowerCase()));
}

/** `host` as it stands in an address of this machine: wildcards as loopback, IPv6 in brackets. */
export function urlHost(host: string): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return name.includes(':') ? `[${name}]` : name;
}
