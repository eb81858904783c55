import { ruleFaults } from '../../../model/alert/parse-rules.ts';
import { conditionWords } from '../../../model/alert/rule-words.ts';
import {
  hasOwnTime,
  type AlertRule,
  type Condition,
  type Direction,
  type Scope,
  type Severity,
  type When,
} from '../../../model/alert/rule.ts';
import type { ChannelKind } from '../../../model/device.ts';
import type { Value } from '../../../model/sample.ts';

/** A rule as it is being filled in: every field as it was typed, also those that the chosen condition has no use for. */
export interface RuleDraft {
  id: string;
  name: string;
  severity: Severity;
  enabled: boolean;
  when: When;
  channel: string;
  value: string;
  low: string;
  high: string;
  hysteresis: string;
  direction: Direction;
  by: string;
  /** Seconds. */
  within: number;
  settle: number;
  seconds: number;
  lasts: number;
  of: Scope['of'];
  ids: string;
  kind: string;
  deviceId: string;
  model: string;
  location: string;
}

/** A rule that waits half written while its page is left. */
export interface KeptRule {
  readonly draft: RuleDraft;
  readonly isNew: boolean;
}

/** What a new rule is about, where it was asked for beside a value. */
export interface RuleSubject {
  /** The id that people and addresses use. */
  readonly device: string;
  readonly channel?: string;
  readonly kind?: ChannelKind;
  /** The limits that the channel is described with. */
  readonly min?: number;
  readonly max?: number;
}

export function blankDraft(id: string, about?: RuleSubject): RuleDraft {
  const { channel, kind, min, max } = about ?? {};
  const both = min !== undefined && max !== undefined;
  const text = (number: number | undefined) => (number === undefined ? '' : String(number));
  return {
    id,
    name: '',
    severity: 'warning',
    enabled: true,
    when:
      kind === 'boolean' || kind === 'text'
        ? 'equals'
        : both
          ? 'outside'
          : min === undefined
            ? 'above'
            : 'below',
    channel: channel ?? '',
    value: kind === 'boolean' ? 'true' : text(max ?? min),
    low: text(min),
    high: text(max),
    hysteresis: '',
    direction: 'either',
    by: '',
    within: 60,
    settle: 60,
    seconds: 60,
    lasts: 0,
    of: about ? 'devices' : 'all',
    ids: about?.device ?? '',
    kind: '',
    deviceId: '',
    model: '',
    location: '',
  };
}

/** A rule as it is to be changed. */
export function draftOf(rule: AlertRule): RuleDraft {
  const { on, scope } = rule;
  const draft = blankDraft(rule.id);
  Object.assign(draft, { name: rule.name, severity: rule.severity, enabled: rule.enabled, when: on.when });
  draft.lasts = rule.for;
  if ('channel' in on && on.channel !== undefined) draft.channel = on.channel;
  if ('hysteresis' in on && on.hysteresis !== undefined) draft.hysteresis = String(on.hysteresis);
  if ('value' in on) draft.value = valueEntry(on.value);
  if (on.when === 'outside') Object.assign(draft, { low: String(on.low), high: String(on.high) });
  if (on.when === 'rate')
    Object.assign(draft, { direction: on.direction, by: String(on.by), within: on.within });
  if (on.when === 'changes') draft.settle = on.settle;
  if ('seconds' in on) draft.seconds = on.seconds;
  draft.of = scope.of;
  if (scope.of === 'devices') draft.ids = scope.ids.join(', ');
  if (scope.of === 'kind') draft.kind = scope.kind;
  if (scope.of === 'filter') {
    draft.deviceId = scope.id ?? '';
    draft.model = scope.model ?? '';
    draft.location = scope.location ?? '';
  }
  return draft;
}

/** The rule that a draft says, or what is wrong with it. */
export type DraftReading =
  | { readonly ok: true; readonly rule: AlertRule }
  | { readonly ok: false; readonly faults: readonly string[] };

export function readDraft(draft: RuleDraft): DraftReading {
  const on = conditionOf(draft);
  const rule: AlertRule = {
    id: draft.id,
    name: draft.name.trim() === '' ? conditionWords(on) : draft.name,
    severity: draft.severity,
    on,
    for: hasOwnTime(draft.when) ? 0 : draft.lasts,
    scope: scopeOf(draft),
    enabled: draft.enabled,
  };
  const faults = ruleFaults(rule).map(inFormWords);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, rule };
}

/** What a rule is called that got no name. */
export function namedAfter(draft: RuleDraft): string {
  return conditionWords(conditionOf(draft));
}

/** A number as people type it, with a comma as well; NaN for what is none. */
export function typedNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text.trim().replace(',', '.'));
}

/** `true`, `false` and numbers are what they look like; a text that looks like one of them is written in quotes. */
export function typedValue(text: string): Value {
  const plain = text.trim();
  if (plain === 'true' || plain === 'on') return true;
  if (plain === 'false' || plain === 'off') return false;
  const number = typedNumber(plain);
  if (Number.isFinite(number)) return number;
  return /^".*"$/s.test(plain) ? plain.slice(1, -1) : plain;
}

function valueEntry(value: Value): string {
  return typeof value === 'string' && typedValue(value) !== value ? `"${value}"` : String(value);
}

function conditionOf(draft: RuleDraft): Condition {
  const channel = draft.channel.trim();
  const hysteresis = draft.hysteresis.trim() === '' ? {} : { hysteresis: typedNumber(draft.hysteresis) };
  switch (draft.when) {
    case 'above':
    case 'below':
      return { when: draft.when, channel, value: typedNumber(draft.value), ...hysteresis };
    case 'outside':
      return {
        when: 'outside',
        channel,
        low: typedNumber(draft.low),
        high: typedNumber(draft.high),
        ...hysteresis,
      };
    case 'equals':
      return { when: 'equals', channel, value: typedValue(draft.value) };
    case 'changes':
      return { when: 'changes', channel, settle: draft.settle };
    case 'rate': {
      const { direction, within } = draft;
      return { when: 'rate', channel, direction, by: typedNumber(draft.by), within, ...hysteresis };
    }
    case 'no-data':
      return { when: 'no-data', ...(channel !== '' && { channel }), seconds: draft.seconds };
    case 'offline':
      return { when: 'offline', seconds: draft.seconds };
  }
}

function scopeOf(draft: RuleDraft): Scope {
  const given = (text: string) => (text.trim() === '' ? undefined : text.trim());
  switch (draft.of) {
    case 'all':
      return { of: 'all' };
    case 'devices':
      return { of: 'devices', ids: draft.ids.split(/[\s,]+/).filter((id) => id !== '') };
    case 'kind':
      return { of: 'kind', kind: draft.kind.trim() };
    case 'filter': {
      const [id, model, location] = [given(draft.deviceId), given(draft.model), given(draft.location)];
      return {
        of: 'filter',
        ...(id !== undefined && { id }),
        ...(model !== undefined && { model }),
        ...(location !== undefined && { location }),
      };
    }
  }
}

const FIELDS: readonly (readonly [path: string, label: string])[] = [
  ['on.channel', 'Channel'],
  ['on.value', 'Value'],
  ['on.low', 'Lowest'],
  ['on.high', 'Highest'],
  ['on.hysteresis', 'Hysteresis'],
  ['on.by', 'By'],
  ['on.within', 'Within'],
  ['on.settle', 'Settled after'],
  ['on.seconds', 'For'],
  ['scope.ids', 'Devices'],
  ['scope.kind', 'Kind'],
  ['scope.of', 'Devices'],
  ['for', 'Lasting'],
  ['name', 'Name'],
];

/** A fault by the words of the form rather than of the file. */
function inFormWords(fault: string): string {
  if (fault.includes('"scope.of" is "filter"')) return 'Fill in an id, a model or a location.';
  const about = fault.replace(/^The rule(?: \("[^"]*"\))?: /, '');
  const field = FIELDS.find(([path]) => about.startsWith(`"${path}" `));
  return field ? `${field[1]} ${about.slice(field[0].length + 3)}` : about;
}
