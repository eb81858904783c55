import type { LinkError, LinkReport } from '../../engine-api/link-report.ts';
import type { Subscription } from '../../engine-api/link.ts';
import type { Command } from '../../model/command.ts';
import { reasonCodeText } from '../../model/reason-code.ts';
import type { Clock } from '../time/clock.ts';
import type { Ending } from '../connection/refusal.ts';
import type { Traffic } from '../connection/traffic.ts';

const KEPT = 20;

/** The last things that went wrong between this page and the broker. A row of the same is one that is counted. */
export class LinkJournal {
  readonly #clock: Clock;
  #errors: readonly LinkError[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An attempt to connect failed, or a link was lost. */
  readonly ended = ({ reason, said }: Ending): void => this.#add('link', reason, said);

  /** The broker said no to a subscription. */
  readonly refused = ({ filter, reason = 'Refused.' }: Subscription, code: number | 'closed'): void =>
    this.#add(
      'subscription',
      `${filter}: ${reason}`,
      code === 'closed' ? undefined : reasonCodeText('SUBACK', code),
    );

  /** Something has become of a command: noted when it was refused by somebody else than the person. */
  command({ outcome, attempts, error = 'Refused.' }: Command): void {
    if (outcome === 'refused' && attempts > 0) this.#add('command', error);
  }

  report({ in: received, out }: Traffic, heardAt: number): LinkReport {
    return {
      at: this.#clock.elapsed(),
      ...(heardAt > 0 && { heardAt }),
      in: received.total,
      out: out.total,
      errors: this.#errors,
    };
  }

  #add(what: LinkError['what'], text: string, said?: string): void {
    const at = this.#clock.now();
    const [last, ...before] = this.#errors;
    if (last?.what === what && last.text === text && last.said === said) {
      this.#errors = [{ ...last, lastAt: at, count: last.count + 1 }, ...before];
      return;
    }
    const error: LinkError = { what, text, at, lastAt: at, count: 1, ...(said !== undefined && { said }) };
    this.#errors = [error, ...this.#errors].slice(0, KEPT);
  }
}
