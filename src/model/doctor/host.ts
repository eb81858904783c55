/** The host of an address, lower case, without the brackets of IPv6; `undefined` when it is no address. */
export function hostOf(url: string): string | undefined {
  try {
    return new URL(url).hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  } catch {
    return undefined;
  }
}

/** This machine itself: browsers trust `ws://` to it even from `https://` (W3C Secure Contexts, section 3.1). */
export function isLoopback(host: string): boolean {
  return (
    host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host) || host === 'localhost' || host.endsWith('.localhost')
  );
}

/** In a network of one's own: an address of RFC 1918, 3927 or 4193, or a name that no public server knows. */
export function isLocal(host: string): boolean {
  if (isLoopback(host)) return true;
  if (/^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host)) return true;
  if (host.includes(':')) return /^f[cd]|^fe[89ab]/.test(host);
  return !host.includes('.') || /\.(local|lan|home|internal|home\.arpa)$/.test(host);
}
