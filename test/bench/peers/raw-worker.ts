// The worker's ceiling: raw WebSocket frames counted in a worker and nothing else.
import { subscribeRaw, type Subscriber } from '../page/raw-socket.ts';
import { reportCounts } from '../page/report-counts.ts';

let count = 0;
addEventListener('message', (event: MessageEvent<Subscriber>) => {
  addEventListener('subscribed', () => reportCounts(() => count));
  subscribeRaw(event.data, () => count++);
});
