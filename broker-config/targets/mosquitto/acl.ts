import type { Policy, Principal } from '../../../src/model/policy.ts';

/**
 * The acl_file: one stanza for each principal, written out. Never `pattern`: a pattern holds for every user, so
 * `devices/%u/status` would let a person called like a device speak as that device.
 */
export function acl(policy: Policy): string {
  const clearable = clearableFilters(policy);
  const stanzas = policy.principals.map((principal) => stanza(principal, clearable));
  return [HEADER, ...stanzas].join('\n');
}

const HEADER = `# Generated from roles.yaml by "npm run broker-config". Change that file, not this one.
#
# What is not listed here is refused. Mosquitto grants every SUBSCRIBE and then drops, message by message, what the
# subscriber may not read.
`;

function stanza(principal: Principal, clearable: readonly string[]): string {
  const { username, role, subscribe, publish, clearRetained } = principal;
  const lines = [`# ${role}`, `user ${username}`];
  for (const filter of subscribe) lines.push(`topic read ${filter}`);
  for (const filter of publish) lines.push(`topic write ${filter}`);
  const toClear = clearRetained ? clearable.filter((filter) => !publish.includes(filter)) : [];
  if (toClear.length > 0) {
    lines.push(
      '# To clear retained topics. Mosquitto cannot say "only if empty", so this allows any payload.',
    );
    for (const filter of toClear) lines.push(`topic write ${filter}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * What somebody with `clearRetained` needs to write on: every leaf that any device of this policy may have filled, and
 * no other topic under the root.
 */
function clearableFilters({ root, principals }: Policy): readonly string[] {
  const filters = new Set<string>();
  for (const { id, publish } of principals) {
    if (id === undefined) continue;
    for (const filter of publish) {
      const own = `${root}/${id}/`;
      if (filter.startsWith(own)) filters.add(`${root}/+/${filter.slice(own.length)}`);
      else if (filter.startsWith(`${root}/`)) filters.add(filter);
    }
  }
  return [...filters].sort();
}
