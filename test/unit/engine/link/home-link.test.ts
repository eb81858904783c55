import { expect, test } from 'vitest';
import { FakeClock } from '../../../support/fake-clock.ts';
import { openLinklessHome } from '../../../support/linkless-home.ts';
import { ScriptedBroker } from '../../../support/scripted-broker.ts';

const CREDENTIAL = { username: 'ada', password: 'a secret word' };

test('a home that is closed keeps no password, and a sign-in that was on its way is not called a sign-out', async () => {
  const broker = new ScriptedBroker();
  broker.opens = false;
  const home = await openLinklessHome({
    clock: new FakeClock(),
    conventions: [],
    openSocket: broker.openSocket,
  });
  const signingIn = home.link.connect(CREDENTIAL);
  expect(home.link.credential).toEqual(CREDENTIAL);
  await home.close();
  expect(home.link.credential).toBeUndefined();
  await expect(signingIn).resolves.toBeUndefined();
});
