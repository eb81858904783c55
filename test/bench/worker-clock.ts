/**
 * Code that runs in the app's worker before its own and moves its clock: `Date.now()` starts `ago` ms before now and goes
 * on by `perFrame` ms with each WebSocket message, up to the real time. So a day of telemetry is written in seconds, by
 * the worker's own code. {@link RELEASE_CLOCK} lets it be the real time from then on.
 */
export function workerClock(ago: number, perFrame: number): string {
  return `{
  const real = Date.now.bind(Date);
  let virtual = real() - ${ago};
  Date.now = () => Math.min(virtual, real());
  const Native = WebSocket;
  self.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => (virtual += ${perFrame}));
    }
  };
  new BroadcastChannel('bench-clock').onmessage = () => (virtual = Infinity);
}
`;
}

/** For the page. */
export const RELEASE_CLOCK = `new BroadcastChannel('bench-clock').postMessage('release')`;
