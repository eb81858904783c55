// A page that starts one of the bench's workers and shows how far it has counted.
import { benchPage, parameters } from '../page/bench-page.ts';
import type { Subscriber } from '../page/raw-socket.ts';
import type { Counts } from '../page/report-counts.ts';

const { worker: name, ...subscriber } = parameters<Subscriber & { worker: string }>();
const worker = new Worker(`${name}.js`);
worker.onmessage = (event: MessageEvent<Counts>) => {
  benchPage['ready'] = true;
  benchPage.counted(event.data.count);
};
worker.postMessage(subscriber);
