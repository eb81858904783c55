import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { DataFolder } from './data-folder.ts';
import type { TlsFlag } from './flags.ts';
import { Refusal, errorText } from './refusal.ts';

/** What an https server needs, as PEM texts. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** The authority that signed `cert`, where it was made here and browsers have to be told to trust it. */
  readonly ca?: string;
}

/**
 * The certificate that `--tls` asks for.
 * @param names under which the server is reached
 * @throws Refusal when a file cannot be read or the two do not belong together
 */
export async function loadTls(
  flag: TlsFlag,
  folder: DataFolder,
  names: ReadonlySet<string>,
): Promise<TlsFiles> {
  if (flag === true) {
    // Loaded only here: making certificates takes a library that most starts do not need.
    const { ownCertificate } = await import('./own-certificate.ts');
    return ownCertificate(folder, names);
  }
  const cert = readPem(flag.cert, 'certificate');
  const key = readPem(flag.key, 'key');
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new Refusal(
      `${flag.cert} and ${flag.key} are no certificate and its key in PEM (${errorText(error)}); check both after --tls.`,
    );
  }
  return { cert, key };
}

function readPem(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(`Cannot read the ${what} ${file} (${errorText(error)}); check the files after --tls.`);
  }
}
