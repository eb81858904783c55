import { valueAt, type Path } from '../../../../model/config/differences.ts';
import { NOT_SHOWN } from '../../../../model/config/keepable.ts';
import { mergeConfig, withPart, type Conflict } from '../../../../model/config/merge.ts';
import { sameJson } from '../../../../model/config/same-json.ts';
import type { SafeSchema } from '../../../../model/device.ts';
import { isObject } from '../../../../model/payload.ts';
import type { Entry, FormField } from '../form-field.ts';
import {
  canShow,
  configFields,
  draftConfig,
  entryOf,
  fieldKey,
  NO_EDITS,
  typedConfig,
  withEdit,
  type ConfigReading,
  type Edits,
} from './config-fields.ts';

/** What is known of a device's configuration now; `undefined` where nothing is asked or reported. */
export interface ConfigNow {
  readonly schema: SafeSchema | undefined;
  readonly desired: unknown;
  readonly reported: unknown;
  readonly unitOf: (name: string) => string | undefined;
}

interface Begun {
  /** What was asked for when the person began, moved on where they have decided since. */
  readonly base: unknown;
  /** What their changes go on top of. */
  readonly start: unknown;
}

/** A draft that waits while its page is left. */
export interface KeptConfig {
  readonly begun: Begun;
  readonly edits: Edits;
  readonly text: string | undefined;
}

/**
 * A configuration that somebody is working on. It remembers what was asked for when they began, so that what somebody else asks
 * for meanwhile is seen, and put together or decided, never overwritten.
 */
export class ConfigDraft {
  readonly #now: () => ConfigNow;
  #begun = $state.raw<Begun>();
  #edits = $state.raw(NO_EDITS);
  #text = $state.raw<string>();
  /** Counts up when the form begins afresh. */
  generation = $state(0);

  constructor(now: () => ConfigNow, kept?: KeptConfig) {
    this.#now = now;
    if (!kept) return;
    this.#begun = kept.begun;
    this.#edits = kept.edits;
    this.#text = kept.text;
  }

  /** To go on from later; `undefined` while nothing is changed. */
  get kept(): KeptConfig | undefined {
    return this.#begun && { begun: this.#begun, edits: this.#edits, text: this.#text };
  }

  /** Its inputs; `undefined` where it is typed as JSON. */
  readonly fields = $derived.by(() => {
    const fields = configFields(this.#now().schema, this.#now().unitOf);
    return fields && canShow(fields, this.#startValue) ? fields : undefined;
  });

  /** Somebody has changed something. */
  get isBegun(): boolean {
    return this.#begun !== undefined;
  }

  /** What an input shows. */
  entry(field: FormField): Entry {
    return this.#edits.get(fieldKey(field)) ?? this.#shown(field);
  }

  edit(field: FormField, entry: Entry): void {
    this.#begin();
    // Typed back to what it was is not changed.
    const isChanged = !sameJson(entry, this.#shown(field));
    this.#edits = withEdit(this.#edits, field, isChanged ? entry : undefined);
    const { base, start } = this.#begun ?? {};
    if (this.#edits.size === 0 && base === start) this.discard();
  }

  /** What the JSON field shows. */
  get text(): string {
    return this.#text ?? asText(this.#startValue);
  }

  set text(text: string) {
    this.#begin();
    this.#text = text;
  }

  readonly reading: ConfigReading = $derived.by(() => {
    if (this.fields)
      return draftConfig(this.fields, this.#edits, this.#startValue, (field) => this.#shown(field));
    return this.#text === undefined ? { ok: true, value: this.#startValue } : typedConfig(this.#text);
  });

  /** Mine and what somebody else asked for since, in one; `undefined` while nothing is changed or a field is wrong. */
  readonly merge = $derived.by(() => {
    if (!this.#begun || !this.reading.ok) return undefined;
    return mergeConfig(this.#begun.base, this.reading.value, this.#now().desired);
  });

  /** What was asked for when the person began. */
  get base(): unknown {
    return this.#begun ? this.#begun.base : this.#now().desired;
  }

  /** The person stays with what they have. */
  keepMine({ path, theirs }: Conflict): void {
    if (this.#begun) this.#begun = { ...this.#begun, base: withPart(this.#begun.base, path, theirs) };
  }

  /** The person goes by what somebody else asked for. */
  takeTheirs({ path, theirs }: Conflict): void {
    if (!this.#begun) return;
    const { base, start } = this.#begun;
    const mine = this.reading;
    for (const field of this.fields ?? []) {
      if (meet(field.path, path)) this.#edits = withEdit(this.#edits, field, undefined);
    }
    this.#begun = { base: withPart(base, path, theirs), start: withPart(start, path, theirs) };
    // Theirs may be something that the inputs cannot show: then all goes on as JSON.
    if (this.fields === undefined && mine.ok) this.#text = asText(withPart(mine.value, path, theirs));
  }

  /** Takes up an earlier configuration, to be looked at before it is sent. What was not kept of it stays as it is asked for. */
  putBack(earlier: unknown): void {
    this.discard();
    const { desired } = this.#now();
    this.#begun = { base: desired, start: withSecretsOf(earlier, desired) };
    this.#text = this.fields ? undefined : asText(this.#begun.start);
  }

  discard(): void {
    this.#begun = undefined;
    this.#edits = NO_EDITS;
    this.#text = undefined;
    this.generation++;
  }

  get #startValue(): unknown {
    return this.#begun ? this.#begun.start : this.#now().desired;
  }

  #begin(): void {
    const { desired } = this.#now();
    this.#begun ??= { base: desired, start: desired };
  }

  /** What an input shows that nobody has touched: what is asked, else what is in force, else what the schema proposes. */
  #shown(field: FormField): Entry {
    const asked = valueAt(this.#startValue, field.path);
    if (asked !== undefined) return entryOf(field, asked);
    const { reported } = this.#now();
    const inForce = valueAt(reported, field.path);
    return inForce === undefined || !canShow([field], reported) ? field.initial : entryOf(field, inForce);
  }
}

function asText(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, undefined, 2);
}

/** One of them stands at the other or inside it. */
function meet(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((name, i) => name === b[i]);
}

function withSecretsOf(earlier: unknown, now: unknown): unknown {
  if (earlier === NOT_SHOWN) return now;
  if (!isObject(earlier)) return earlier;
  return Object.fromEntries(
    Object.entries(earlier)
      .map(([name, part]) => [name, withSecretsOf(part, valueAt(now, [name]))] as const)
      .filter(([, part]) => part !== undefined),
  );
}
