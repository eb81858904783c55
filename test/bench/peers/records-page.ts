// A page that hands the driver's wishes to the worker with one record per sample.
import { benchPage } from '../page/bench-page.ts';
import type { RecordsWish } from './records-worker.ts';

const worker = new Worker('records-worker.js');
benchPage['records'] = (wish: RecordsWish) =>
  new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<{ value?: number; error?: string }>) => {
      const { value, error } = event.data;
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    };
    worker.postMessage(wish);
  });
