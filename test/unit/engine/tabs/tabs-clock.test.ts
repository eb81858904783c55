import { afterEach, beforeEach, expect, test } from 'vitest';
import { TabWorld, type OpenTab } from '../../../support/tab-world.ts';

let world: TabWorld;
beforeEach(() => {
  world = new TabWorld();
});
afterEach(() => world.end());

/** Two tabs without a link, and a command that waits in them, made 40 s ago with 60 s to live. */
async function waiting(): Promise<{ leader: OpenTab; follower: OpenTab; id: string; comeBack: () => void }> {
  const [leader, follower] = (await world.signedIn(1)) as [OpenTab, OpenTab];
  const { script } = world.broker;
  world.broker.script = (_packet, socket) => {
    socket.closeWith(1006);
    return false;
  };
  world.broker.last!.closeWith(1006);
  // In the engine a closing is judged in a turn of the machine's own time: before, it would hand the command to the socket.
  await leader.page.until('the link is gone', () => leader.page.latest.link?.phase !== 'live');
  await world.pass(1_000);
  const { id } = await follower.page.call('send', { device: 'devices:a', name: 'on', args: {}, ttl: 60 });
  await world.pass(40_000);
  return { leader, follower, id, comeBack: () => void (world.broker.script = script) };
}

function published(): number {
  return world.broker.sockets.flatMap(({ packets }) => packets.filter(({ cmd }) => cmd === 'publish')).length;
}

test.for([
  ['at once', 0],
  ['when it had noticed', 2_000],
] as const)(
  'the clock is set back without a link and the leader crashes %s: the heir never sends too late',
  async ([, noticed]) => {
    const { leader, follower, id, comeBack } = await waiting();
    world.clock.set(world.clock.now() - 30_000);
    await world.pass(noticed);
    leader.crash();
    await world.pass(20_000);
    comeBack();
    await world.pass(15_000);
    expect(follower.page.latest.link).toMatchObject({ tab: 'leader', phase: 'live' });
    expect(follower.page.commands.get(id)?.outcome).toBe('expired');
    expect(published()).toBe(0);
  },
);

test('the leader has noticed it and crashes: the heir sends what still has time', async () => {
  const { leader, follower, id, comeBack } = await waiting();
  world.clock.set(world.clock.now() - 30_000);
  await world.pass(2_000);
  comeBack();
  leader.crash();
  await world.pass(8_000);
  const command = follower.page.commands.get(id);
  expect(command).toMatchObject({ outcome: 'accepted', clockSet: { by: -30_000 } });
  expect(command!.sentAt).toBeLessThan(command!.deadline);
  expect(published()).toBe(1);
});
