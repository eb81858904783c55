// A page that has a worker write through the history's own code.
import { benchPage } from '../page/bench-page.ts';
import type { HistoryWish } from './history-worker.ts';

benchPage['history'] = (wish: HistoryWish) => {
  const worker = new Worker('history-worker.js');
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<{ value?: number; error?: string }>) => {
      const { value, error } = event.data;
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    };
    worker.postMessage(wish);
  });
};
