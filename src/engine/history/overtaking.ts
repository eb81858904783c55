import { OVERTAKEN } from '../../engine-api/series.ts';
import type { StillWanted } from '../../storage/read-samples.ts';

/** Lets a newer request of a page take the place of an older one that is for the same thing. */
export class Overtaking {
  readonly #newest = new Map<string, symbol>();

  /** Runs `read`. `stillWanted` throws {@link OVERTAKEN} from the moment on when there is a newer one of that purpose. */
  async run<Result>(
    purpose: string | undefined,
    read: (stillWanted: StillWanted) => Promise<Result>,
  ): Promise<Result> {
    if (purpose === undefined) return read(() => undefined);
    const mine = Symbol();
    this.#newest.set(purpose, mine);
    const stillWanted = () => {
      if (this.#newest.get(purpose) !== mine) throw new Error(OVERTAKEN);
    };
    try {
      const result = await read(stillWanted);
      stillWanted();
      return result;
    } finally {
      if (this.#newest.get(purpose) === mine) this.#newest.delete(purpose);
    }
  }
}
