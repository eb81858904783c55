/** Something to do at `due`, which it is told: it may run later than that, never earlier. */
type Task = (due: number) => void;

/** A list of things to do, in order of time. Times are ms on the clock it was made with. */
export interface Agenda {
  at(due: number, task: Task): void;
  /** Forgets everything that was still to do. */
  stop(): void;
}

/**
 * One timer for everything that a fleet has to do, by a binary heap: a thousand devices are a thousand entries and not a
 * thousand timers.
 */
export function createAgenda(now: () => number): Agenda {
  const heap: { readonly due: number; readonly task: Task }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let timerDue = Infinity;

  const dueAt = (i: number) => heap[i]?.due ?? Infinity;

  function swap(i: number, j: number): void {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
  }

  function push(due: number, task: Task): void {
    let i = heap.push({ due, task }) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (dueAt(parent) <= due) return;
      swap(i, parent);
      i = parent;
    }
  }

  function pop(): Task {
    const last = heap.length - 1;
    swap(0, last);
    const { task } = heap.pop()!;
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      const least = dueAt(left + 1) < dueAt(left) ? left + 1 : left;
      if (dueAt(i) <= dueAt(least)) return task;
      swap(i, least);
      i = least;
    }
  }

  function run(): void {
    timerDue = Infinity;
    // What a task adds for now waits for the next turn, so that a fleet that lags still lets its sockets breathe.
    const until = now();
    while (dueAt(0) <= until) {
      const due = dueAt(0);
      pop()(due);
    }
    wind();
  }

  function wind(): void {
    const next = dueAt(0);
    if (next >= timerDue) return;
    clearTimeout(timer);
    timerDue = next;
    timer = setTimeout(run, Math.max(0, next - now()));
  }

  return {
    at(due, task) {
      push(due, task);
      wind();
    },
    stop() {
      clearTimeout(timer);
      timerDue = Infinity;
      heap.length = 0;
    },
  };
}
