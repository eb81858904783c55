import { cleanText, quote } from '../foreign-text.ts';
import { isObject, parseJson, readText } from '../payload.ts';
import { FaultList, type Fields } from './rule-fields.ts';
import {
  DIRECTIONS,
  MAX_RULES,
  SEVERITIES,
  WHENS,
  hasOwnTime,
  type AlertRule,
  type Condition,
  type Scope,
} from './rule.ts';

/** A rule set, or what is wrong with it: one sentence for each fault, at most 20. */
export type RulesReading =
  | { readonly ok: true; readonly rules: readonly AlertRule[] }
  | { readonly ok: false; readonly faults: readonly string[] };

const MAX_NAME = 80;
const MAX_TEXT = 200;
const MAX_DEVICES = 1_000;
const WEEK_S = 7 * 86_400;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Reads a retained rule set; see {@link parseRules}. */
export function readRules(payload: Uint8Array): RulesReading {
  const text = readText(payload);
  return text.ok ? parseRules(text.value) : { ok: false, faults: [`The rule set ${text.why}.`] };
}

/**
 * Reads a rule set: `{"version":1,"rules":[…]}`, as {@link writeRules} writes it. All of it or nothing: half a set would
 * watch less than somebody believes.
 */
export function parseRules(text: string): RulesReading {
  const json = parseJson(text);
  if (!json.ok) return { ok: false, faults: [`The rule set ${json.why}.`] };
  const faults = new FaultList();
  if (!isObject(json.value) || !Array.isArray(json.value['rules'])) {
    return { ok: false, faults: ['A rule set is an object with a list named "rules".'] };
  }
  const { version, rules } = json.value;
  if (version !== 1) {
    return {
      ok: false,
      faults: ['The rule set is of another version than 1. Reload this page, or export it again.'],
    };
  }
  const list = rules as readonly unknown[];
  if (list.length > MAX_RULES) {
    return { ok: false, faults: [`There are ${list.length} rules; a set has at most ${MAX_RULES}.`] };
  }
  const read = list.map((rule, i) => readRule(rule, i, faults));
  const seen = new Map<string, number>();
  read.forEach((rule, i) => {
    const before = seen.get(rule.id);
    if (before !== undefined && rule.id !== '') {
      faults.add(
        `Rule ${i + 1}: the id ${quote(rule.id)} is that of rule ${before + 1} as well. Give it another.`,
      );
    }
    seen.set(rule.id, i);
  });
  return faults.any ? { ok: false, faults: faults.sentences } : { ok: true, rules: read };
}

/** What is wrong with one rule as it was filled in; empty when nothing is. */
export function ruleFaults(rule: AlertRule): readonly string[] {
  const faults = new FaultList();
  readRule(JSON.parse(JSON.stringify(rule)), undefined, faults);
  return faults.sentences;
}

/** A rule set as a text that people can read and {@link parseRules} takes. */
export function writeRules(rules: readonly AlertRule[]): string {
  return `${JSON.stringify({ version: 1, rules }, null, 2)}\n`;
}

/** `at` is its place in a set, where it is in one. */
function readRule(value: unknown, at: number | undefined, faults: FaultList): AlertRule {
  const place = at === undefined ? '' : `Rule ${at + 1}`;
  const name = isObject(value) && typeof value['name'] === 'string' ? cleanText(value['name'], MAX_NAME) : '';
  const where = place === '' ? 'The rule' : name === '' ? place : `${place} (${quote(name)})`;
  const fields = faults.fields(value, where);
  fields.only(['id', 'name', 'severity', 'on', 'for', 'scope', 'enabled']);
  const id = fields.text('id', 64);
  if (id !== '' && !ID.test(id)) fields.fault('id', 'takes letters, digits, "_" and "-", at most 64');
  if (name === '') fields.fault('name', 'must be a text for people');
  const on = readCondition(fields.inner('on', 'on'));
  const timed = hasOwnTime(on.when);
  if (timed && fields.has('for') && fields.raw('for') !== 0) {
    fields.fault('for', `does not go with "${on.when}", which says by itself how long`);
  }
  return {
    id,
    name,
    severity: fields.choice('severity', SEVERITIES, 'warning'),
    on,
    for: timed ? 0 : fields.number('for', { least: 0, most: WEEK_S, otherwise: 0 }),
    scope: fields.has('scope') ? readScope(fields.inner('scope', 'scope')) : { of: 'all' },
    enabled: fields.flag('enabled', true),
  };
}

function readCondition(fields: Fields): Condition {
  const when = fields.choice('when', WHENS);
  const channel =
    when === 'offline' || (when === 'no-data' && !fields.has('channel'))
      ? ''
      : fields.text('channel', MAX_TEXT);
  const hysteresis = fields.has('hysteresis') ? fields.number('hysteresis', { least: 0 }) : undefined;
  const back = hysteresis !== undefined && hysteresis > 0 ? { hysteresis } : {};
  switch (when) {
    case 'above':
    case 'below':
      fields.only(['when', 'channel', 'value', 'hysteresis']);
      return { when, channel, value: fields.number('value'), ...back };
    case 'outside': {
      fields.only(['when', 'channel', 'low', 'high', 'hysteresis']);
      const [low, high] = [fields.number('low'), fields.number('high')];
      if (low >= high) fields.fault('low', 'must be less than "high"');
      else if (2 * (hysteresis ?? 0) >= high - low)
        fields.fault('hysteresis', 'leaves no value at which it ends');
      return { when, channel, low, high, ...back };
    }
    case 'equals':
      fields.only(['when', 'channel', 'value']);
      return { when, channel, value: fields.value('value', MAX_TEXT) };
    case 'changes':
      fields.only(['when', 'channel', 'settle']);
      return { when, channel, settle: fields.number('settle', { least: 1, most: WEEK_S, otherwise: 60 }) };
    case 'rate': {
      fields.only(['when', 'channel', 'direction', 'by', 'within', 'hysteresis']);
      const by = fields.number('by', { above: 0 });
      if ((hysteresis ?? 0) >= by) fields.fault('hysteresis', 'must be less than "by"');
      const direction = fields.choice('direction', DIRECTIONS, 'either');
      return {
        when,
        channel,
        direction,
        by,
        within: fields.number('within', { least: 1, most: 86_400 }),
        ...back,
      };
    }
    case 'no-data':
      fields.only(['when', 'channel', 'seconds']);
      return { when, ...(channel !== '' && { channel }), seconds: readSeconds(fields, 1) };
    case 'offline':
      fields.only(['when', 'seconds']);
      return { when, seconds: readSeconds(fields, 0) };
  }
}

function readSeconds(fields: Fields, least: number): number {
  return fields.number('seconds', { least, most: 4 * WEEK_S });
}

function readScope(fields: Fields): Scope {
  const of = fields.choice('of', ['all', 'devices', 'kind', 'filter'] as const);
  switch (of) {
    case 'all':
      fields.only(['of']);
      return { of };
    case 'devices':
      fields.only(['of', 'ids']);
      return { of, ids: fields.texts('ids', MAX_DEVICES, MAX_TEXT) };
    case 'kind':
      fields.only(['of', 'kind']);
      return { of, kind: fields.text('kind', MAX_TEXT) };
    case 'filter': {
      const keys = ['id', 'model', 'location'] as const;
      fields.only(['of', ...keys]);
      const given = keys.filter((key) => fields.has(key));
      if (given.length === 0) fields.fault('of', 'is "filter", so "id", "model" or "location" must be given');
      return { of, ...Object.fromEntries(given.map((key) => [key, fields.text(key, MAX_TEXT)])) };
    }
  }
}

/** Whether two rules say the same, whatever the order in which it was written. */
export function isSameRule(a: AlertRule, b: AlertRule): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key])]),
  );
}
