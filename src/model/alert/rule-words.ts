import type { Value } from '../sample.ts';
import type { AlertRule, Condition, Scope } from './rule.ts';

/** A span of seconds in the largest units that fit it exactly enough to read: `30 s`, `5 min`, `2 h`, `3 days`. */
export function secondsWords(seconds: number): string {
  if (seconds % 86_400 === 0 && seconds > 0)
    return `${seconds / 86_400} ${seconds === 86_400 ? 'day' : 'days'}`;
  if (seconds % 3_600 === 0 && seconds > 0) return `${seconds / 3_600} h`;
  if (seconds % 60 === 0 && seconds > 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

/** What a condition says, after "when": `t is above 80`. `name` is what the channel is called, `unit` stands after numbers. */
export function conditionWords(on: Condition, name?: string, unit = ''): string {
  const what = on.when === 'offline' ? '' : (name ?? on.channel ?? '');
  const number = (value: number) => (unit === '' ? String(value) : `${value} ${unit}`);
  switch (on.when) {
    case 'above':
    case 'below':
      return `${what} is ${on.when} ${number(on.value)}`;
    case 'outside':
      return `${what} is outside ${on.low} to ${number(on.high)}`;
    case 'equals':
      return `${what} is ${typeof on.value === 'number' ? number(on.value) : String(on.value)}`;
    case 'changes':
      return `${what} changes`;
    case 'rate': {
      const verb = { rise: 'rises', fall: 'falls', either: 'moves' }[on.direction];
      return `${what} ${verb} by ${number(on.by)} within ${secondsWords(on.within)}`;
    }
    case 'no-data':
      return `${what === '' ? 'nothing' : `no ${what}`} comes for ${secondsWords(on.seconds)}`;
    case 'offline':
      return on.seconds === 0 ? 'it is offline' : `it is offline for ${secondsWords(on.seconds)}`;
  }
}

/** The whole of a rule's condition, after "when": `t is above 80 for 30 s`. */
export function ruleWords(rule: AlertRule, name?: string, unit?: string): string {
  return `${conditionWords(rule.on, name, unit)}${rule.for > 0 ? ` for ${secondsWords(rule.for)}` : ''}`;
}

/** Which devices a rule is about. */
export function scopeWords(scope: Scope): string {
  switch (scope.of) {
    case 'all':
      return 'every device';
    case 'devices':
      return scope.ids.length <= 3 ? scope.ids.join(', ') : `${scope.ids.length} devices`;
    case 'kind':
      return `every ${scope.kind}`;
    case 'filter': {
      const parts = [
        scope.id !== undefined && `id ${scope.id}`,
        scope.model !== undefined && `model ${scope.model}`,
        scope.location !== undefined && `at ${scope.location}`,
      ];
      return `devices with ${parts.filter((part) => part !== false).join(', ')}`;
    }
  }
}

/** What an alert says: the rule's name, where, and what was found. `device` and `name` are what people call them. */
export function alertWords(
  rule: AlertRule,
  device: string,
  value: Value | undefined,
  name?: string,
  unit?: string,
): string {
  const found =
    value === undefined || rule.on.when === 'equals'
      ? ''
      : ` (${String(value)}${typeof value === 'number' && unit ? ` ${unit}` : ''})`;
  const words = ruleWords(rule, name, unit);
  // A rule that nobody gave a name is called by its condition.
  return rule.name === conditionWords(rule.on)
    ? `${words} on ${device}${found}.`
    : `${rule.name} on ${device}: ${words}${found}.`;
}
