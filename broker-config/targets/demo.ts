import type { Policy } from '../../src/model/policy.ts';
import type { Target } from '../target.ts';

/** What stands in `policy.json`. */
export interface DemoPolicy extends Policy {
  readonly version: 1;
}

/**
 * The broker behind `npm start`. It reads the policy as it is and asks, of the functions in `src/model/policy.ts`:
 * - CONNECT: the username is a principal's; one with `clientId` comes with exactly that client id, and nobody else
 *   comes with a client id that is a device's;
 * - SUBSCRIBE: granted when one right covers the whole filter (`maySubscribe`), otherwise refused, never narrowed;
 * - PUBLISH and last will: allowed when one right matches the topic (`mayPublish`), or when the payload is empty, RETAIN
 *   is set and the principal may clear what is retained there (`mayClear`).
 */
export const target = {
  name: 'demo',
  title: 'The demo broker',
  compile(policy) {
    const document: DemoPolicy = { version: 1, ...policy };
    return [{ path: 'policy.json', text: `${JSON.stringify(document, null, 2)}\n` }];
  },
} satisfies Target;
