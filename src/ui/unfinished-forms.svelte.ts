import { SvelteSet } from 'svelte/reactivity';

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

  get any(): boolean {
    return this.#forms.size > 0;
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
