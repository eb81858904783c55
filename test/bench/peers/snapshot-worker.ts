// The ceiling of a retained snapshot: the same subscriptions as the app's, in a worker that counts the frames and
// acknowledges what asks for it, and nothing else.
import { subscribeRaw, type Subscriber } from '../page/raw-socket.ts';

addEventListener('message', (event: MessageEvent<Subscriber & { expected: number }>) => {
  const { expected, ...subscriber } = event.data;
  let [count, began] = [0, 0];
  addEventListener('asked', () => (began = performance.now()));
  subscribeRaw(subscriber, () => {
    if (++count === expected) postMessage({ ready: true, count: performance.now() - began });
  });
});
