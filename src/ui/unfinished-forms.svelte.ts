import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { KeptRule } from './pages/alerts/rule-draft.ts';
import type { KeptConfig } from './pages/device/config/config-draft.svelte.ts';
import type { KeptDescription } from './pages/device/describe/description-draft.ts';

function typedInto(form: HTMLFormElement): string {
  // A button is nothing typed, and may be there only while there is something to send.
  const controls = [...form.elements].filter(
    (control) => !(control instanceof HTMLButtonElement),
  ) as readonly Partial<HTMLInputElement>[];
  return JSON.stringify(controls.map(({ value, checked }) => [value, checked]));
}

/** The forms in which somebody has typed something that was neither sent nor left. */
export class UnfinishedForms {
  #forms = new SvelteSet<HTMLFormElement>();
  // What takes minutes to type waits for the person while they look at another page. Each is of one home and user.
  readonly descriptions = new SvelteMap<string, KeptDescription>();
  readonly configs = new SvelteMap<string, KeptConfig>();
  readonly rules = new SvelteMap<string, KeptRule>();

  get any(): boolean {
    return [this.#forms, this.descriptions, this.configs, this.rules].some(({ size }) => size > 0);
  }

  /** For `{@attach}` on a form. */
  readonly watch = (form: HTMLFormElement): (() => void) => {
    let settled = typedInto(form);
    const compare = (): void => {
      if (typedInto(form) === settled) this.#forms.delete(form);
      else this.#forms.add(form);
    };
    const settle = (): void => {
      settled = typedInto(form);
      this.#forms.delete(form);
    };
    form.addEventListener('input', compare);
    form.addEventListener('submit', settle);
    return () => {
      form.removeEventListener('input', compare);
      form.removeEventListener('submit', settle);
      this.#forms.delete(form);
    };
  };
}
