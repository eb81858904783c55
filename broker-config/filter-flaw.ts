import { isValidFilter } from '../src/model/topic.ts';

const PLACEHOLDERS = new Set(['{id}', '{username}']);

/** What is wrong with one filter of a role, as the end of a sentence that begins with the filter; else `undefined`. */
export function filterFlaw(filter: string): string | undefined {
  const unknown = filter.match(/\{[^}/]*\}?|\}/g)?.find((found) => !PLACEHOLDERS.has(found));
  if (unknown !== undefined) return `has the unknown placeholder "${unknown}"; there are {id} and {username}`;
  if (filter.startsWith('$') && !/^\$CONTROL\/[\w-]+(\/[\w-]+)*(\/#)?$/.test(filter))
    return 'begins with "$": such topics belong to the broker itself ($SYS, $share) and are in nobody\'s role';
  if (/[\s\p{Cc}]/u.test(filter))
    return 'contains a space or a control character, which not every broker can carry';
  if (/[*>]/.test(filter))
    return 'contains "*" or ">", which are wildcards of other systems; MQTT has "+" and "#"';
  const levels = filter.split('/');
  if (levels.slice(0, -1).some((level) => level.includes('#')))
    return 'has "#" before its end; "#" must be the last level';
  if (levels.includes('')) return 'has an empty level; take the extra "/" away';
  if (!isValidFilter(filter)) return 'has "+" or "#" inside a level; each must be a level of its own';
  if (/^[+#]/.test(filter))
    return "begins with a wildcard; on NATS that takes in the broker's own topics ($JS, $MQTT), by which all that it keeps is read and deleted: name the first level";
  const odd = levels.find((level) => !/^([+#]|\$?([\w-]|\{id\}|\{username\})+)$/.test(level));
  if (odd !== undefined)
    return `has the level "${odd}"; letters, digits, "_" and "-" mean the same on every broker, and nothing else does`;
  return undefined;
}
