/** How long work may go on before something else gets a turn, ms: half a frame. */
const TURN_MS = 8;

/** Lets messages and timers in between steps of long work. Answers at once as long as the turn is short. */
export function pauses(): () => Promise<void> | undefined {
  let begun = performance.now();
  return () => {
    if (performance.now() - begun < TURN_MS) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        begun = performance.now();
        resolve();
      });
    });
  };
}
