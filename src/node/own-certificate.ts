// Must run before @peculiar/x509, which registers its parts by decorators.
import 'reflect-metadata';
import { X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import * as x509 from '@peculiar/x509';
import type { DataFolder } from './data-folder.ts';
import { Refusal } from './refusal.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
/** Apple's platforms refuse server certificates of private authorities that last longer than 825 days. */
const SERVER_DAYS = 397;
const RENEW_DAYS = 30;

interface Signer {
  readonly cert: string;
  readonly key: string;
}

/**
 * A server certificate for `names`, signed by an authority that is made once per data folder. A phone that trusts the
 * authority goes on trusting the server when its addresses change.
 * @throws Refusal when what the folder holds is damaged or cannot be replaced
 */
export async function ownCertificate(
  folder: DataFolder,
  names: ReadonlySet<string>,
): Promise<Signer & { readonly ca: string }> {
  const ca = storedPair(folder, 'ca') ?? (await makeAuthority(folder));
  const stored = storedPair(folder, 'server');
  const server = stored && isGood(stored, ca, names) ? stored : await makeServer(folder, ca, names);
  return { ...server, ca: ca.cert };
}

function storedPair(folder: DataFolder, name: string): Signer | undefined {
  const [cert, key] = [folder.read(`${name}.crt`), folder.read(`${name}.key`)];
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

function isGood(server: Signer, ca: Signer, names: ReadonlySet<string>): boolean {
  try {
    const cert = new NodeCertificate(server.cert);
    const lasts = new Date(cert.validTo).getTime() - Date.now() > RENEW_DAYS * DAY_MS;
    const covers = [...names].every((name) => (isIP(name) ? cert.checkIP(name) : cert.checkHost(name)));
    return lasts && covers && cert.verify(new NodeCertificate(ca.cert).publicKey);
  } catch {
    return false;
  }
}

async function makeAuthority(folder: DataFolder): Promise<Signer> {
  const keys = await makeKeys();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`Telltale demo authority on ${hostname()}`] }],
    keys,
    ...lifetime(CA_DAYS),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return store(folder, 'ca', cert, keys);
}

async function makeServer(folder: DataFolder, ca: Signer, names: ReadonlySet<string>): Promise<Signer> {
  const authority = parseAuthority(folder, ca);
  const keys = await makeKeys();
  const cert = await x509.X509CertificateGenerator.create({
    subject: [{ CN: ['Telltale demo server'] }],
    issuer: authority.subjectName,
    publicKey: keys.publicKey,
    signingKey: await importKey(ca.key),
    ...lifetime(SERVER_DAYS),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        [...names].map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return store(folder, 'server', cert, keys);
}

function parseAuthority(folder: DataFolder, ca: Signer): x509.X509Certificate {
  try {
    return new x509.X509Certificate(ca.cert);
  } catch {
    throw new Refusal(`${folder.path}/ca.crt is damaged; delete it and ca.key to have a new authority made.`);
  }
}

async function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ALGORITHM, false, ['sign']);
}

/** From an hour ago, since a phone's clock may be behind. */
function lifetime(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + days * DAY_MS) };
}

async function store(
  folder: DataFolder,
  name: string,
  certificate: x509.X509Certificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<Signer> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const pair = {
    cert: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  };
  folder.write(`${name}.key`, pair.key);
  folder.write(`${name}.crt`, pair.cert);
  return pair;
}
