// A page that has a worker fill the history of a home, and remembers the home as the app's sign-in does.
import { benchPage } from '../page/bench-page.ts';
import type { YearWish } from './year-worker.ts';

benchPage['fillYear'] = (wish: YearWish, remembered: { readonly key: string; readonly homes: unknown }) => {
  localStorage.setItem(remembered.key, JSON.stringify(remembered.homes));
  const worker = new Worker('year-worker.js');
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<{ value?: number; error?: string }>) => {
      const { value, error } = event.data;
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    };
    worker.postMessage(wish);
  });
};
