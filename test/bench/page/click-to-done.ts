import { eachFrame } from './each-frame.ts';

/** Clicks, and answers with the ms until a new command of the page reads done, at the end of the frame that paints it. */
export function clickToDone(button: HTMLElement): Promise<number> {
  const known = new Set(document.querySelectorAll('[data-command]'));
  return new Promise((resolve) => {
    let [began, inFrame, done, painting] = [0, false, false, false];
    const observer = new MutationObserver(() => {
      done ||= [...document.querySelectorAll('[data-outcome="done"]')].some((line) => !known.has(line));
      // What an animation callback writes needs no further frame; a bare page writes between two.
      painting ||= done && inFrame;
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    const stop = eachFrame(
      () => ([inFrame, painting] = [true, done]),
      () => {
        inFrame = false;
        if (!painting) return;
        observer.disconnect();
        stop();
        resolve(performance.now() - began);
      },
    );
    // Anywhere between two frames, as a person does.
    setTimeout(() => {
      began = performance.now();
      button.click();
    }, 50 * Math.random());
  });
}
