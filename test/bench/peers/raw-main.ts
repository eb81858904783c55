// The ceiling: raw WebSocket frames counted on a page's main thread.
import { benchPage, parameters } from '../page/bench-page.ts';
import { subscribeRaw, type Subscriber } from '../page/raw-socket.ts';

let count = 0;
addEventListener('subscribed', () => (benchPage['ready'] = true));
subscribeRaw(parameters<Subscriber>(), () => benchPage.counted(++count));
