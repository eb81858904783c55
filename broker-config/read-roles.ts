import { filterFlaw } from './filter-flaw.ts';
import { overlaps } from './overlaps.ts';
import { isDeviceRole } from './policy-source.ts';
import type { RoleSource } from './policy-source.ts';
import { unsafeName } from './safe-name.ts';
import type { Entry, Text, YamlReader } from './yaml-reader.ts';

/** What only a device may say: whoever else could would make a dead device look alive. */
const DEVICE_LEAVES = ['status', 'telemetry'];

/** Reads `roles:`. Without `roots`, when `topics` could not be read, only the filters themselves are checked. */
export function readRoles(
  reader: YamlReader,
  entry: Entry,
  roots: readonly string[],
): ReadonlyMap<string, RoleSource> {
  const roles = new Map<string, RoleSource>();
  for (const { key, at, value } of reader.entries(entry.value, 'The section "roles"', entry.at)) {
    // It stands in comments of generated files, where a line more would be a rule more.
    const flaw = unsafeName(key);
    if (flaw !== undefined) reader.refuse(at, `The role ${JSON.stringify(key)} ${flaw}.`);
    roles.set(key, readRole(reader, key, { key, at, value }, roots));
  }
  return roles;
}

function readRole(reader: YamlReader, name: string, entry: Entry, roots: readonly string[]): RoleSource {
  const known = ['subscribe', 'publish', 'bind_client_id', 'clear_retained'];
  const fields = reader.fields(entry.value, `The role "${name}"`, known, entry.at);
  const subscribe = readFilters(reader, fields.get('subscribe'), `The list ${name}.subscribe`);
  const publish = readFilters(reader, fields.get('publish'), `The list ${name}.publish`);
  const role = {
    subscribe: subscribe.map(({ text }) => text),
    publish: publish.map(({ text }) => text),
    bindClientId: reader.flag(fields.get('bind_client_id')),
    clearRetained: reader.flag(fields.get('clear_retained')),
  };
  if (!role.clearRetained) refuseControl(reader, name, [...subscribe, ...publish]);
  if (!isDeviceRole(role)) refuseDeviceRights(reader, name, publish, roots);
  else if (role.clearRetained) {
    reader.refuse(
      fields.get('clear_retained')?.at,
      `The role "${name}" is for devices; clear_retained is for people.`,
    );
  }
  return role;
}

function readFilters(reader: YamlReader, entry: Entry | undefined, what: string): readonly Text[] {
  const seen = new Set<string>();
  return reader.texts(entry, what).filter(({ text, at }) => {
    const flaw = seen.has(text) ? 'stands twice in this list' : filterFlaw(text);
    seen.add(text);
    if (flaw !== undefined) reader.refuse(at, `The filter "${text}" ${flaw}.`);
    return flaw === undefined;
  });
}

function refuseDeviceRights(
  reader: YamlReader,
  role: string,
  publish: readonly Text[],
  roots: readonly string[],
): void {
  for (const { text, at } of publish) {
    // A username may be any word, so it is taken for the worst one.
    const widest = text.replaceAll('{username}', '+');
    const leaf = DEVICE_LEAVES.find((name) => roots.some((root) => overlaps(widest, `${root}/+/${name}`)));
    if (leaf === undefined) continue;
    reader.refuse(
      at,
      `The filter "${text}" would let people with the role "${role}" publish a device's ${leaf}; ` +
        'to let them delete what a device left behind, use "clear_retained: true" instead.',
    );
  }
}

/** Mosquitto's dynamic security is commanded on `$CONTROL`: who may write there may give itself every right. */
function refuseControl(reader: YamlReader, role: string, filters: readonly Text[]): void {
  for (const { text, at } of filters) {
    if (!text.startsWith('$CONTROL/')) continue;
    reader.refuse(
      at,
      `The filter "${text}" would let the role "${role}" change everybody's rights; only a role with ` +
        '"clear_retained: true" may have it.',
    );
  }
}
