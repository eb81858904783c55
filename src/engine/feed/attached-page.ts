import type { ToEngine } from '../../engine-api/wire.ts';

/** A page's end of the engine. */
export interface AttachedPage {
  /** What the page says: a call, a credit, or that it comes or goes. */
  receive(message: ToEngine): void;
  detach(): void;
}
