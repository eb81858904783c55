import type { Attachment } from 'svelte/attachments';
import type { DeviceKey } from '../../../model/device.ts';

/** Scrolling past is not looking. */
const PAUSE_MS = 250;

/** Finds out which devices are on the screen. A device may be in the page and far below the fold. */
export class OnScreen {
  readonly #seen = new Map<Element, DeviceKey>();
  readonly #keys = new WeakMap<Element, DeviceKey>();
  readonly #tell: (keys: readonly DeviceKey[]) => void;
  readonly #observer: IntersectionObserver;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param tell is called with all of them a moment after they changed */
  constructor(tell: (keys: readonly DeviceKey[]) => void) {
    this.#tell = tell;
    // One row more than can be seen, so that it has values when it is.
    this.#observer = new IntersectionObserver((entries) => this.#look(entries), { rootMargin: '200px 0px' });
  }

  /** For the element that shows a device. */
  watch(key: DeviceKey): Attachment<Element> {
    return (element) => {
      this.#keys.set(element, key);
      this.#observer.observe(element);
      return () => {
        this.#observer.unobserve(element);
        this.#seen.delete(element);
        this.#soon();
      };
    };
  }

  /** Says it again: another home has been opened. */
  again(): void {
    this.#soon();
  }

  /** The page is left. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    this.#tell([]);
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const key = this.#keys.get(target);
      if (isIntersecting && key !== undefined) this.#seen.set(target, key);
      else this.#seen.delete(target);
    }
    this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell([...new Set(this.#seen.values())]), PAUSE_MS);
  }
}
