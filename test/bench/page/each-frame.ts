/**
 * Calls `begun` ahead of the page's own animation callbacks and `over` when the frame has been made, for every frame until
 * the answered function is called. What changes between the two is painted by that frame, anything else by the next one.
 */
export function eachFrame(begun: () => void, over: () => void): () => void {
  // Its task runs after the frame that is being made when it is posted.
  const afterFrame = new MessageChannel();
  afterFrame.port1.onmessage = over;
  let next = 0;
  const frame = (): void => {
    // Asked for first, so that it also comes before the page's own callbacks in the next frame.
    next = requestAnimationFrame(frame);
    begun();
    afterFrame.port2.postMessage(0);
  };
  next = requestAnimationFrame(frame);
  return () => {
    cancelAnimationFrame(next);
    afterFrame.port1.close();
  };
}
