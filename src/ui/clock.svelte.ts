/** The time that ages are counted from: epoch ms, once a second. */
export class PageClock {
  now = $state(Date.now());

  constructor() {
    const tick = (): void => {
      this.now = Date.now();
    };
    setInterval(tick, 1000);
    // A page that was hidden or frozen shows old ages until its timer comes round again.
    document.addEventListener('visibilitychange', tick);
  }
}
