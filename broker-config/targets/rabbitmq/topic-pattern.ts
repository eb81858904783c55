/**
 * The regular expression that RabbitMQ holds a topic against, which it has turned into a routing key: `/` is `.`, and in
 * what a client subscribes to `+` is `*` and `#` stays. A level is `[^.#]+` and not `[^.]+`, which a subscription to `#`
 * would pass as well. It ends with `\\z`: before a line break at the end of a topic a `$` matches too.
 */
export function topicPattern(filters: readonly string[]): string {
  if (filters.length === 0) return '^\\z';
  return `^(${filters.map(pattern).join('|')})\\z`;
}

function pattern(filter: string): string {
  if (filter === '#') return '.*';
  const levels = filter.split('/').map((level) => (level === '+' ? '[^.#]+' : level.replace('$', '\\$')));
  return levels.at(-1) === '#' ? `${levels.slice(0, -1).join('\\.')}(\\..*)?` : levels.join('\\.');
}
