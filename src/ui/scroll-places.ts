/** So many drawings a page has to become as long as it was when it was left. */
const DRAWINGS = 30;
/** What a person scrolls with. */
const BY_HAND = ['wheel', 'touchmove', 'keydown'] as const;

export function scrollAtOnce(top: number): void {
  scrollTo({ top, behavior: 'instant' });
}

/** How far each address was scrolled when it was left: to find the place again when one goes back. */
export class ScrollPlaces {
  readonly #places = new Map<string, number>();
  #looking = new AbortController();

  constructor() {
    // The browser would look for the place before the page that is gone back to is drawn.
    history.scrollRestoration = 'manual';
  }

  /** Another address is shown from now on, and nothing of it is drawn yet. */
  leave(url: string): void {
    this.#looking.abort();
    this.#places.set(url, scrollY);
  }

  /** Scrolls to where `url` was left, once the page is long enough, unless the person scrolls or goes on before. */
  comeBack(url: string): void {
    const top = this.#places.get(url) ?? 0;
    scrollAtOnce(0);
    const looking = (this.#looking = new AbortController());
    const { signal } = looking;
    for (const type of BY_HAND) addEventListener(type, () => looking.abort(), { passive: true, signal });
    let drawings = 0;
    const look = (): void => {
      if (signal.aborted) return;
      const isLong = document.documentElement.scrollHeight - innerHeight >= top;
      if (!isLong && ++drawings < DRAWINGS) {
        requestAnimationFrame(look);
        return;
      }
      looking.abort();
      scrollAtOnce(top);
    };
    requestAnimationFrame(look);
  }
}
