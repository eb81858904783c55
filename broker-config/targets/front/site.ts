import type { TargetOptions } from '../../target.ts';

/** Where the web server stands and what it serves. */
export interface Site {
  readonly address: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  readonly page: string;
  /** Where the broker's WebSocket listens, in place of the usual. */
  readonly broker?: number;
}

/** The options as a web server reads them: `directory` holds certificate and key, `data` the page. */
export function siteOf(options: TargetOptions, directory: string): Site {
  const folder = options.directory ?? directory;
  return {
    address: options.host ?? '0.0.0.0',
    port: options.port ?? 443,
    certificate: `${folder}/telltale.crt`,
    key: `${folder}/telltale.key`,
    page: options.data ?? '/var/www/telltale',
    ...(options.wsPort === undefined ? {} : { broker: options.wsPort }),
  };
}
