/** Lets at most `width` through at a time, in order; each says when it is through. */
export function createFleetGate(width: number): (enter: (leave: () => void) => void) => void {
  const waiting: ((leave: () => void) => void)[] = [];
  let inside = 0;

  function next(): void {
    const enter = inside < width ? waiting.shift() : undefined;
    if (enter === undefined) return;
    inside++;
    let left = false;
    enter(() => {
      if (left) return;
      left = true;
      inside--;
      next();
    });
  }

  return (enter) => {
    waiting.push(enter);
    next();
  };
}
