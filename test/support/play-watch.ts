import type { AlertRule, Condition } from '../../src/model/alert/rule.ts';
import { Watch, type Change } from '../../src/model/alert/watch.ts';
import type { Value } from '../../src/model/sample.ts';

const T = 1_790_000_000_000;

/**
 * What happens to one watch, as words of `<second>:<event>`; expected is what became of it, as `<second>:<change>`.
 * A number, `on`, `off` or `'text` is a value; `<value>@<second>` came late and was sent then. `lost`: the link is gone;
 * `back`: it is there again and something was missed; `back-queued`: nothing was. `silent`: the device is stale.
 * `reload`: the page is closed and opened, with what was stored. `clock+60`: the computer's clock was set, and that was
 * noticed; `unseen-60`: it was not. `.`: time passes. Timers run at the second at which they are due.
 */
export function play(rule: AlertRule, script: string): string {
  let watch = new Watch(rule);
  let fresh = true;
  let offset = 0;
  let clock = 0;
  const found: string[] = [];
  const wall = (second: number) => T + second * 1000 + offset;
  const note = (second: number, change: Change | undefined) => {
    if (change) found.push(`${second}:${change}`);
  };
  for (const word of script.split(' ').filter(Boolean)) {
    const [, at = '', event = ''] = /^([\d.]+):(.*)$/.exec(word) ?? [];
    const second = Number(at);
    for (; clock < second; clock++) {
      if (watch.due <= wall(clock)) note(clock, watch.tick(wall(clock), fresh));
    }
    const now = wall(second);
    const [what = '', number] = event.split(/(?=[+-]\d)/);
    const move = 1000 * Number(number);
    switch (what) {
      case '.':
        break;
      case 'lost':
        fresh = false;
        note(second, watch.lose(now));
        break;
      case 'back':
        note(second, watch.regain(now, true));
        break;
      case 'back-queued':
        note(second, watch.regain(now, false));
        break;
      case 'silent':
        fresh = false;
        note(second, watch.unknown());
        break;
      case 'reload': {
        fresh = false;
        const stored = structuredClone(watch.state);
        watch = new Watch(rule, stored);
        note(second, watch.lose(now));
        break;
      }
      case 'clock':
        offset += move;
        watch.shift(move);
        break;
      case 'unseen':
        offset += move;
        break;
      case 'ack':
        if (watch.acknowledge(now, 'anna')) found.push(`${second}:acknowledged`);
        break;
      case 'heard':
        note(second, watch.heard(now));
        break;
      case 'online':
      case 'offline':
      case 'unknown':
        note(second, watch.status(what, now));
        break;
      default: {
        const [value = '', sent] = event.split('@');
        if (sent === undefined) fresh = true;
        note(second, watch.take(valueOf(value), wall(Number(sent ?? second)), sent !== undefined));
      }
    }
    if (watch.due <= wall(second)) note(second, watch.tick(wall(second), fresh));
    clock = Math.max(clock, second);
  }
  return found.join(' ');
}

function valueOf(word: string): Value {
  if (word.startsWith("'")) return word.slice(1);
  return word === 'on' || word === 'off' ? word === 'on' : Number(word);
}

/** A rule over every device. */
export function rule(on: Condition, seconds = 0): AlertRule {
  return {
    id: 'r',
    name: 'Rule',
    severity: 'warning',
    on,
    for: seconds,
    scope: { of: 'all' },
    enabled: true,
  };
}
