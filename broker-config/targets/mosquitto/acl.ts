import { writableFilters } from '../../../src/model/policy.ts';
import type { Policy, Principal } from '../../../src/model/policy.ts';

/**
 * The acl_file: one stanza for each principal, written out. Never `pattern`: a pattern holds for every user, so
 * `devices/%u/status` would let a person called like a device speak as that device.
 */
export function acl(policy: Policy): string {
  const stanzas = policy.principals.map((principal) => stanza(policy, principal));
  return [HEADER, ...stanzas].join('\n');
}

const HEADER = `# Generated from roles.yaml by "npm run broker-config". Change that file, not this one.
#
# What is not listed here is refused. Mosquitto grants every SUBSCRIBE and then drops, message by message, what the
# subscriber may not read.
`;

function stanza(policy: Policy, principal: Principal): string {
  const { username, role, subscribe, publish } = principal;
  const lines = [`# ${role}`, `user ${username}`];
  for (const filter of subscribe) lines.push(`topic read ${filter}`);
  for (const filter of publish) lines.push(`topic write ${filter}`);
  const toClear = writableFilters(policy, principal).filter((filter) => !publish.includes(filter));
  if (toClear.length > 0) {
    lines.push(
      '# To clear retained topics. Mosquitto cannot say "only if empty", so this allows any payload.',
    );
    for (const filter of toClear) lines.push(`topic write ${filter}`);
  }
  return `${lines.join('\n')}\n`;
}
