import type { Home } from '../../src/engine/home.ts';
import { ingest } from '../../src/engine/ingest.ts';
import { PageFeed } from '../../src/engine/feed/page-feed.ts';
import { Pages } from '../../src/engine/feed/pages.ts';
import type { AlertRule, Condition } from '../../src/model/alert/rule.ts';
import type { Effect, MessageMeta } from '../../src/model/convention.ts';
import type { Value } from '../../src/model/sample.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import type { FakeClock } from './fake-clock.ts';
import { FakePort } from './fake-port.ts';
import { openLinklessHome } from './linkless-home.ts';
import { ScriptedConvention } from './scripted-convention.ts';

/** A home without a link, over the database of the test: messages are put into it by hand. */
export interface AlertHome {
  readonly home: Home;
  /** What was announced so far. */
  readonly notices: () => readonly string[];
  /** A message with one value or more of a device of the convention `one`. */
  readonly sample: (
    device: string,
    values: Readonly<Record<string, Value>>,
    more?: Partial<MessageMeta>,
  ) => void;
  readonly receive: (effect: Effect, meta?: Partial<MessageMeta>) => void;
  /** The alerts that stand or are over, as `<text's rule> <device> <state>`. */
  readonly states: () => readonly string[];
}

/** Opens it, as after a sign-in. `above`: the term that another tab leads under. */
export async function openAlertHome(clock: FakeClock, above = 0): Promise<AlertHome> {
  const one = new ScriptedConvention('one');
  const pages = new Pages();
  const port = new FakePort();
  pages.add(new PageFeed(port, {} as never, clock));
  const home = await openLinklessHome({ clock, conventions: [one], openDatabase }, pages, { above });
  const receive: AlertHome['receive'] = (effect, meta = {}) => {
    one.answers.set('r/x', [effect]);
    ingest(home, 'r/x', new Uint8Array(1), {
      retain: false,
      qos: 0,
      dup: false,
      receivedAt: clock.now(),
      ...meta,
    });
  };
  return {
    home,
    notices: () => port.notices,
    receive,
    sample: (device, values, meta) =>
      receive(
        { type: 'samples', device, channels: Object.keys(values), values: Object.values(values) },
        meta,
      ),
    states: () =>
      home.alerts
        .list()
        .map(({ rule, device, state, unknown }) => `${rule} ${device} ${state}${unknown ? '?' : ''}`),
  };
}

/** A rule with this id over every device, changed as a test needs it. */
export function alertRule(id: string, on: Condition, more: Partial<AlertRule> = {}): AlertRule {
  return { id, name: id, severity: 'warning', on, for: 0, scope: { of: 'all' }, enabled: true, ...more };
}
