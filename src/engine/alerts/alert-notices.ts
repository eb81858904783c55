import type { NoticedAlert } from '../../engine-api/wire.ts';
import type { Alert } from '../../model/alert/alert.ts';
import type { Clock } from '../time/clock.ts';

/** So many are told one by one; what begins beyond that within {@link WINDOW_MS} is told as a number. */
const AT_ONCE = 3;
const WINDOW_MS = 5_000;

/** Tells people of alerts that begin: at once, and not a thousand times when a whole fleet is in trouble. */
export class AlertNotices {
  readonly #clock: Clock;
  readonly #tell: (text: string, alert: NoticedAlert) => void;
  readonly #stands: (id: string) => boolean;
  #told = 0;
  #held: Alert[] = [];
  #cancel: (() => void) | undefined;

  /** @param stands whether the alert with this id is not over yet */
  constructor(
    clock: Clock,
    tell: (text: string, alert: NoticedAlert) => void,
    stands: (id: string) => boolean,
  ) {
    this.#stands = stands;
    this.#clock = clock;
    this.#tell = tell;
  }

  begun(alert: Alert): void {
    this.#cancel ??= this.#clock.after(WINDOW_MS, () => this.#sum());
    if (this.#told >= AT_ONCE) {
      this.#held.push(alert);
      return;
    }
    this.#told++;
    this.#tell(alert.text, { id: alert.id, severity: alert.severity });
  }

  stop(): void {
    this.#cancel?.();
  }

  #sum(): void {
    // What is over by now needs nobody any more.
    const held = this.#held.filter(({ id }) => this.#stands(id));
    this.#cancel = undefined;
    this.#told = 0;
    this.#held = [];
    const [first] = held;
    if (first === undefined) return;
    if (held.length === 1) {
      this.begun(first);
      return;
    }
    const gravest = held.find(({ severity }) => severity === 'critical') ?? first;
    this.#tell(`${held.length} more alerts. The first: ${first.text}`, {
      id: first.id,
      severity: gravest.severity,
    });
  }
}
