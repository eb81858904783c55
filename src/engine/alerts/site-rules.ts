import type { RulesState } from '../../engine-api/rules.ts';
import type { WantedFilter } from '../../model/convention.ts';
import { readRules } from '../../model/alert/parse-rules.ts';
import { SHARED_RULES_TOPIC } from '../../model/alert/rule-sets.ts';
import type { AlertRule } from '../../model/alert/rule.ts';
import { maySubscribe, type PolicyDocument } from '../../model/policy.ts';

const WANTED: WantedFilter = { filter: SHARED_RULES_TOPIC, qos: 1, carries: 'state' };

export interface SiteRulesOptions {
  readonly subscriptions: {
    want(filters: readonly WantedFilter[]): boolean;
    drop(filters: readonly string[]): void;
  };
  readonly onChange: () => void;
}

/** The rule set that the site keeps on the broker. It is only ever offered: a rule set can silence as well. */
export class SiteRules {
  readonly #options: SiteRulesOptions;
  #offered: RulesState['offered'];
  #faults: readonly string[] | undefined;
  #revision = 0;

  constructor(options: SiteRulesOptions) {
    this.#options = options;
  }

  /**
   * Asks for it only where the policy document says that it may be read: there are brokers that end the connection of
   * whoever asks for more.
   */
  policy(document: PolicyDocument | null): void {
    if (document && maySubscribe(document, WANTED.filter)) this.#options.subscriptions.want([WANTED]);
    else this.#options.subscriptions.drop([WANTED.filter]);
  }

  /** Takes the document in; answers whether the topic was that. */
  read(topic: string, payload: Uint8Array): boolean {
    if (topic !== WANTED.filter) return false;
    this.#revision++;
    this.#faults = undefined;
    // Cleared: the site has no rules any more, which may be adopted as anything else.
    const reading = payload.length === 0 ? { ok: true as const, rules: [] } : readRules(payload);
    if (reading.ok) this.#offered = { revision: this.#revision, rules: reading.rules };
    else this.#faults = reading.faults;
    this.#options.onChange();
    return true;
  }

  get state(): Pick<RulesState, 'offered' | 'offerFaults'> {
    return {
      ...(this.#offered && { offered: this.#offered }),
      ...(this.#faults && { offerFaults: this.#faults }),
    };
  }

  /** The rules that were shown as `revision`. Throws one sentence when there are others now. */
  shownAs(revision: number): readonly AlertRule[] {
    if (this.#offered?.revision !== revision)
      throw new Error('The rules of the site have changed meanwhile. Look at them again.');
    return this.#offered.rules;
  }
}
