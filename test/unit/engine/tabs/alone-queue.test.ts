import { expect, test } from 'vitest';
import { noPeers } from '../../../../src/engine/world/peers.ts';
import { SIGN_IN, TabWorld } from '../../../support/tab-world.ts';
import { testEngine } from '../../../support/test-engine.ts';
import { TestPage } from '../../../support/test-page.ts';

test('"Queue while away" on a page that works alone: no session is left behind, and it says why', async () => {
  const { broker, clock } = new TabWorld();
  const engine = await testEngine({
    openSocket: broker.openSocket.bind(broker),
    clock,
    peers: noPeers('insecure'),
  });
  const page = new TestPage(engine);
  const link = { record: 'everything', queue: true } as const;
  await page.call('signIn', { ...SIGN_IN, profile: { ...SIGN_IN.profile, link } });
  expect(broker.last!.connect?.clean).toBe(true);
  expect(broker.last!.connect?.properties?.sessionExpiryInterval ?? 0).toBe(0);
  await page.until('the reason', () =>
    Boolean(page.latest.link?.lacks.some((lack) => lack.startsWith('The broker keeps nothing'))),
  );
  await engine.stop();
});
