/** Reads what was typed into a form, and gathers what is wrong with it. */
export class Reading {
  readonly #faults: string[] = [];

  /** One sentence each. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  fault(sentence: string): undefined {
    this.#faults.push(sentence);
  }

  /** Without outer spaces; nothing where nothing is left. */
  text(typed: string): string | undefined {
    const text = typed.trim();
    return text === '' ? undefined : text;
  }

  /** @param subject begins the sentence about a wrong one */
  number(
    typed: string,
    subject: string,
    least = -Number.MAX_VALUE,
    most = Number.MAX_VALUE,
    whole = false,
  ): number | undefined {
    const text = typed.trim().replace(',', '.');
    if (text === '') return undefined;
    const number = Number(text);
    if (!Number.isFinite(number) || (whole && !Number.isInteger(number)))
      return this.fault(
        `${subject} must be a ${whole ? 'whole ' : ''}number, such as ${whole ? '1' : '2.5'}.`,
      );
    if (number < least || number > most) return this.fault(`${subject} must be from ${least} to ${most}.`);
    return number;
  }
}
