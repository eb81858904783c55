/** First drawings that wait, in the order in which they were asked for. */
const waiting = new Set<() => void>();

/**
 * Calls `draw` in a frame of its own: the first drawing of a chart lays out its axes and takes longest, and a page with
 * a dozen of them shows its values before and answers between them. Answers with what takes it back.
 */
export function drawInTurn(draw: () => void): () => void {
  if (waiting.size === 0) requestAnimationFrame(drawNext);
  waiting.add(draw);
  return () => waiting.delete(draw);
}

function drawNext(): void {
  const [draw] = waiting;
  if (draw === undefined) return;
  waiting.delete(draw);
  if (waiting.size > 0) requestAnimationFrame(drawNext);
  draw();
}
