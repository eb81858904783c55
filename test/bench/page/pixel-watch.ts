import { eachFrame } from './each-frame.ts';

/** A probe's number and when the frame that shows it was over, epoch ms. */
export type Shown = readonly [seq: number, at: number];

/** Notes when each number that `element` shows has reached the screen: the end of the frame in which the page changed. */
export function watchPixels(element: Element): readonly Shown[] {
  const shown: Shown[] = [];
  let [current, painting, inFrame] = [0, 0, false];
  eachFrame(
    () => ([painting, inFrame] = [current, true]),
    () => {
      inFrame = false;
      if (painting !== (shown.at(-1)?.[0] ?? 0)) {
        shown.push([painting, performance.timeOrigin + performance.now()]);
      }
    },
  );
  new MutationObserver(() => {
    current = Number(/\d+/.exec(element.textContent ?? '')?.[0] ?? 0);
    if (inFrame) painting = current;
  }).observe(element, { subtree: true, childList: true, characterData: true });
  return shown;
}
