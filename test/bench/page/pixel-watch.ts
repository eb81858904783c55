/** A probe's number and when the frame that shows it was over, epoch ms. */
export type Shown = readonly [seq: number, at: number];

/**
 * Notes when each number that `element` shows has reached the screen: the end of the frame in which the page changed. What
 * an animation callback changes is painted by the same frame, what anything else changes by the next one.
 */
export function watchPixels(element: Element): readonly Shown[] {
  const shown: Shown[] = [];
  let [current, painting, inFrame] = [0, 0, false];
  // Its task runs after the frame that is being made when it is posted.
  const afterFrame = new MessageChannel();
  afterFrame.port1.onmessage = () => {
    inFrame = false;
    if (painting !== (shown.at(-1)?.[0] ?? 0)) {
      shown.push([painting, performance.timeOrigin + performance.now()]);
    }
  };
  const eachFrame = (): void => {
    // Asked for first, so that it also comes before the page's own callbacks in the next frame.
    requestAnimationFrame(eachFrame);
    [painting, inFrame] = [current, true];
    afterFrame.port2.postMessage(0);
  };
  requestAnimationFrame(eachFrame);
  new MutationObserver(() => {
    current = Number(/\d+/.exec(element.textContent ?? '')?.[0] ?? 0);
    if (inFrame) painting = current;
  }).observe(element, { subtree: true, childList: true, characterData: true });
  return shown;
}
