import { beforeEach, describe, expect, it } from 'vitest';
import type { EventKind } from '../../../../src/model/history-event.ts';
import type { Effect, MessageMeta } from '../../../../src/model/convention.ts';
import type { Home } from '../../../../src/engine/home.ts';
import { ingest } from '../../../../src/engine/ingest.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { openLinklessHome } from '../../../support/linkless-home.ts';
import { ScriptedConvention } from '../../../support/scripted-convention.ts';

let clock: FakeClock;
let convention: ScriptedConvention;
let home: Home;
beforeEach(async () => {
  clock = new FakeClock();
  convention = new ScriptedConvention('one');
  home = await openLinklessHome({ clock, conventions: [convention] });
});

function receive(effect: Effect, meta: Partial<MessageMeta> = {}): void {
  convention.answers.set('r/x', [effect]);
  const all = { retain: false, qos: 1 as const, dup: false, receivedAt: clock.now(), ...meta };
  ingest(home, 'r/x', new Uint8Array(), all);
}

const status = (online: boolean): Effect => ({ type: 'status', device: 'd', online });

async function events(...kinds: EventKind[]) {
  return (await home.history.events({ from: 0, to: clock.now() + 1, kinds })).events;
}

describe('what happens is remembered', () => {
  it('a status that changes, not one that is repeated or was so before anybody looked', async () => {
    receive(status(true), { retain: true });
    expect(await events('status')).toEqual([]);
    clock.advance(1000);
    receive(status(false));
    receive(status(false));
    clock.advance(1000);
    receive(status(true), { retain: true });
    const now = clock.now();
    expect(await events('status')).toEqual([
      { kind: 'status', at: now - 1000, device: 'one:d', online: 'offline' },
      { kind: 'status', at: now, device: 'one:d', online: 'online' },
    ]);
  });

  it('an alert that begins and ends', async () => {
    receive(status(true));
    receive(status(false));
    clock.advance(5000);
    receive(status(true));
    const found = await events('alert');
    expect(found.map((event) => event.kind === 'alert' && [event.alert, event.state])).toEqual([
      ['offline', 'firing'],
      ['offline', 'resolved'],
    ]);
    expect(found[1]!.at - found[0]!.at).toBe(5000);
  });

  it('a problem once, and again when it comes back after an hour', async () => {
    const problem: Effect = { type: 'problem', device: 'd', message: 'Not JSON.' };
    for (let i = 0; i < 50; i++) {
      receive(problem);
      clock.advance(60_000);
    }
    expect((await events('problem')).length).toBe(1);
    clock.advance(3_600_001);
    receive(problem);
    expect((await events('problem')).map((event) => event.kind === 'problem' && event.message)).toEqual([
      'Not JSON.',
      'Not JSON.',
    ]);
  });
});

describe('a message that the broker had queued', () => {
  const sample = (value: number, more: object = {}): Effect => ({
    type: 'samples',
    device: 'd',
    channels: ['v'],
    values: [value],
    ...more,
  });
  const stored = async () => {
    const channels = [{ device: 'one:d', channel: 'v' }];
    const range = { from: 0, to: clock.now() + 1, pixels: 1000 };
    const { series } = await home.history.series({ channels, ...range });
    return [...series[0]!.at].map((at, i) => [at - clock.now(), series[0]!.value[i]]);
  };

  it('is stored at its own time and does not replace what is newer', async () => {
    const ts = clock.now();
    receive(sample(1, { ts, clock: 'absolute' }));
    receive(sample(2, { ts: ts - 60_000, clock: 'absolute' }), { queued: true });
    expect(await stored()).toEqual([
      [-60_000, 2],
      [0, 1],
    ]);
    expect([...home.live.devices.get('one:d')!.channels.values()].map(({ value }) => value)).toEqual([1]);
  });

  it('is stored at its receipt where it has no absolute time, and never later', async () => {
    receive(sample(1, { ts: 5000, clock: 'uptime' }), { queued: true });
    receive(sample(2), { queued: true });
    receive(sample(3, { ts: clock.now() + 1e9, clock: 'absolute' }), { queued: true });
    expect(await stored()).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
  });
});
