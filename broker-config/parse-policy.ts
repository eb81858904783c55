import { isScalar } from 'yaml';
import type { Policy } from '../src/model/policy.ts';
import { resolvePolicy } from './policy-source.ts';
import type { PolicySource } from './policy-source.ts';
import { readPrincipals } from './read-principals.ts';
import { readRoles } from './read-roles.ts';
import { readTopics } from './read-topics.ts';
import { readEndpoints, readLimits, readOrigins } from './read-site.ts';
import type { Refusal } from './refusal.ts';
import { YamlReader } from './yaml-reader.ts';

export type ParsedSource =
  | { readonly ok: true; readonly source: PolicySource }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Reads the text of a roles file. Never throws; everything that is wrong is told at once, in order of lines. */
export function parsePolicySource(text: string): ParsedSource {
  const reader = new YamlReader(text);
  const source = reader.refusals.length === 0 ? readSource(reader) : undefined;
  if (source && reader.refusals.length === 0) return { ok: true, source };
  return { ok: false, refusals: reader.refusals.toSorted((a, b) => a.line - b.line) };
}

/** Like {@link parsePolicySource}, with every placeholder filled in. */
export function parsePolicy(text: string): ParsedPolicy {
  const parsed = parsePolicySource(text);
  return parsed.ok ? { ok: true, policy: resolvePolicy(parsed.source) } : parsed;
}

const REQUIRED = ['version', 'topics', 'roles', 'principals'];

function readSource(reader: YamlReader): PolicySource | undefined {
  const sections = [...REQUIRED, 'endpoints', 'origins', 'limits'];
  const fields = reader.fields(reader.root, 'The roles file', sections);
  const missing = REQUIRED.filter((name) => !fields.has(name));
  if (missing.length > 0) reader.refuse(reader.root, `The roles file lacks ${missing.join(', ')}.`);

  const version = fields.get('version');
  if (version && !(isScalar(version.value) && version.value.value === 1)) {
    reader.refuse(version.at, 'The version must be 1, the only one that there is.');
  }
  const [topicsEntry, rolesEntry, principalsEntry] = ['topics', 'roles', 'principals'].map((name) =>
    fields.get(name),
  );
  const topics = topicsEntry && readTopics(reader, topicsEntry);
  const roles = rolesEntry && readRoles(reader, rolesEntry, topics?.roots ?? []);
  const principals =
    principalsEntry && roles && readPrincipals(reader, principalsEntry, roles, topics?.idPattern);
  const site = {
    endpoints: readEndpoints(reader, fields.get('endpoints')),
    origins: readOrigins(reader, fields.get('origins')),
    limits: readLimits(reader, fields.get('limits')),
  };
  return topics && roles && principals ? { ...topics, ...site, roles, principals } : undefined;
}
