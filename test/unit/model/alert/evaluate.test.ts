import { describe, expect, test } from 'vitest';
import type { AlertRule } from '../../../../src/model/alert/rule.ts';
import type { Value } from '../../../../src/model/sample.ts';
import { play, rule } from '../../../support/play-watch.ts';

const above = (hysteresis = 0, seconds = 0) =>
  rule({ when: 'above', channel: 't', value: 80, hysteresis }, seconds);
const below = (hysteresis = 0) => rule({ when: 'below', channel: 't', value: 10, hysteresis });
const outside = (hysteresis = 0) => rule({ when: 'outside', channel: 't', low: 10, high: 20, hysteresis });
const equals = (value: Value, seconds = 0) => rule({ when: 'equals', channel: 't', value }, seconds);
const changes = (settle: number) => rule({ when: 'changes', channel: 't', settle });
const rate = (direction: 'rise' | 'fall' | 'either', by: number, within: number, hysteresis = 0) =>
  rule({ when: 'rate', channel: 't', direction, by, within, hysteresis });
const noData = (seconds: number) => rule({ when: 'no-data', seconds });
const offline = (seconds: number) => rule({ when: 'offline', seconds });

const CASES: Record<
  string,
  readonly (readonly [what: string, rule: AlertRule, script: string, expected: string])[]
> = {
  'one value and one limit': [
    ['nothing happens while all is well', above(), '0:70 1:79 2:80', ''],
    ['a value above the limit fires at once', above(), '0:70 1:81', '1:firing'],
    ['the limit itself is not above it', above(), '0:80', ''],
    ['a value back at the limit ends it', above(), '0:81 1:80', '0:firing 1:resolved'],
    ['more of the same is the same alert', above(), '0:81 1:85 2:90 3:81', '0:firing'],
    ['the first value of a channel counts', above(), '0:95', '0:firing'],
    ['a value below the limit fires', below(), '0:10 1:9.9 2:10', '1:firing 2:resolved'],
    ['below the band', outside(), '0:15 1:9', '1:firing'],
    ['above the band', outside(), '0:15 1:21 2:20', '1:firing 2:resolved'],
    ['from below the band to above it is one alert', outside(), '0:9 1:21 2:15', '0:firing 2:resolved'],
    ['the ends of the band are within it', outside(), '0:10 1:20', ''],
    ['a text says nothing about a number', above(), "0:81 1:'hot 2:70", '0:firing 2:resolved'],
    ['a boolean says nothing about a number', above(), '0:on 1:off', ''],
  ],
  hysteresis: [
    ['just under the limit it goes on', above(5), '0:81 1:79 2:76', '0:firing'],
    ['far enough under the limit it ends', above(5), '0:81 1:75', '0:firing 1:resolved'],
    ['it does not make the beginning harder', above(5), '0:76 1:80.5', '1:firing'],
    ['just over the limit it goes on', below(2), '0:9 1:11.9 2:12', '0:firing 2:resolved'],
    ['a band ends within its narrower band', outside(2), '0:21 1:19 2:18', '0:firing 2:resolved'],
    [
      'what is pending has not fired, so the limit itself counts',
      above(5, 10),
      '0:81 1:79 12:.',
      '0:pending 1:cleared',
    ],
  ],
  'how long it must hold': [
    ['it waits, then fires with no further value', above(0, 30), '0:81 30:.', '0:pending 30:firing'],
    ['not a second early', above(0, 30), '0:81 29:.', '0:pending'],
    [
      'a good value in between begins it anew',
      above(0, 30),
      '0:81 20:70 25:81 54:. 55:.',
      '0:pending 20:cleared 25:pending 55:firing',
    ],
    ['bad values in between do not', above(0, 30), '0:81 10:90 20:85 30:.', '0:pending 30:firing'],
    ['it ends at once', above(0, 30), '0:81 40:70', '0:pending 30:firing 40:resolved'],
    [
      'a device that fell silent is not known to be bad for so long',
      above(0, 30),
      '0:81 20:silent 40:.',
      '0:pending',
    ],
    [
      'unless its next value is bad as well: it said nothing else',
      above(0, 30),
      '0:81 20:silent 60:82',
      '0:pending 60:firing',
    ],
    ['after a silence a good value clears it', above(0, 30), '0:81 20:silent 60:70', '0:pending 60:cleared'],
  ],
  'a value, or another one': [
    ['a text that equals fires', equals('fault'), "0:'ok 1:'fault 2:'ok", '1:firing 2:resolved'],
    ['a boolean that equals fires', equals(true), '0:off 1:on', '1:firing'],
    ['a number is not its text', equals('1'), "0:1 1:'1", '1:firing'],
    ['it must hold', equals(true, 10), '0:on 5:off 6:on 16:.', '0:pending 5:cleared 6:pending 16:firing'],
    ['the first value is no change', changes(60), '0:5', ''],
    [
      'another value is, and is over when it has settled',
      changes(60),
      '0:5 1:6 61:.',
      '1:firing 61:resolved',
    ],
    ['each further change makes it last', changes(60), '0:5 1:6 50:7 100:. 110:.', '1:firing 110:resolved'],
    ['the same value again changes nothing', changes(60), '0:5 1:5 2:5', ''],
    [
      'a value that settles is over although its device is silent',
      changes(60),
      '0:5 1:6 40:silent 61:.',
      '1:firing 40:unknown 61:resolved',
    ],
  ],
  'how fast it moves': [
    ['a slow rise is none', rate('rise', 10, 60), '0:0 30:4 60:8 90:12', ''],
    ['a fast one fires', rate('rise', 10, 60), '0:0 30:6 50:10', '50:firing'],
    ['a fall is no rise', rate('rise', 10, 60), '0:20 10:5', ''],
    ['a fall fires where it is meant', rate('fall', 10, 60), '0:20 10:10', '10:firing'],
    ['either way', rate('either', 10, 60), '0:20 10:30 100:30 110:20', '10:firing 100:resolved 110:firing'],
    ['in small steps', rate('rise', 10, 60), '0:0 10:2 20:4 30:6 40:8 50:10', '50:firing'],
    [
      'it is over when the fast part is past',
      rate('rise', 10, 60),
      '0:0 5:12 50:13 70:13',
      '5:firing 70:resolved',
    ],
    ['one value alone does not move', rate('either', 1, 60), '0:1000', ''],
    [
      'what it was before a gap says nothing about the pace',
      rate('rise', 10, 60),
      '0:0 10:lost 40:back 41:50',
      '',
    ],
    ['hysteresis', rate('rise', 10, 60, 5), '0:0 10:10 20:6 30:4', '10:firing 30:resolved'],
  ],
  'no data': [
    ['silence fires', noData(30), '0:heard 30:.', '30:firing'],
    ['what comes in time does not', noData(30), '0:heard 20:heard 40:heard 60:heard', ''],
    ['anything ends it', noData(30), '0:heard 45:heard', '30:firing 45:resolved'],
    [
      'silence after that is another alert',
      noData(30),
      '0:heard 45:heard 75:.',
      '30:firing 45:resolved 75:firing',
    ],
    ['while nobody listens there is no silence', noData(30), '0:heard 20:lost 100:.', ''],
    ['after a gap the silence begins anew', noData(30), '0:heard 20:lost 100:back 129:. 130:.', '130:firing'],
    ['after a short gap as well', noData(30), '0:heard 28:lost 31:back 60:. 61:.', '61:firing'],
    [
      'after a gap of which all comes later, it waits for that',
      noData(30),
      '0:heard 20:lost 100:back-queued 101:heard 130:. 131:.',
      '131:firing',
    ],
    [
      'silence that goes on after a gap is the same alert, known again',
      noData(30),
      '0:heard 40:lost 100:back 129:. 130:.',
      '30:firing 40:unknown 130:known',
    ],
    [
      'a reload is a gap',
      noData(30),
      '0:heard 40:reload 42:back 71:. 72:. 80:heard',
      '30:firing 40:unknown 72:known 80:resolved',
    ],
  ],
  offline: [
    ['at once, where no time is asked', offline(0), '0:online 5:offline 9:online', '5:firing 9:resolved'],
    ['for so long', offline(60), '0:online 5:offline 65:.', '5:pending 65:firing'],
    ['back in time', offline(60), '5:offline 60:online', '5:pending 60:cleared'],
    ['said again is not again', offline(0), '5:offline 6:offline 7:offline', '5:firing'],
    ['a status that was cleared says nothing', offline(0), '5:offline 6:unknown', '5:firing 6:unknown'],
    ['nor does it go on', offline(60), '5:offline 6:unknown 80:.', '5:pending 6:cleared'],
    [
      'after a gap the broker says again that it is',
      offline(0),
      '5:offline 10:lost 60:back 61:offline',
      '5:firing 10:unknown 61:known',
    ],
    [
      'or that it is not',
      offline(0),
      '5:offline 10:lost 60:back 61:online',
      '5:firing 10:unknown 61:resolved',
    ],
    [
      'pending before a gap begins anew after it',
      offline(60),
      '5:offline 10:lost 60:back 61:offline 120:. 121:.',
      '5:pending 60:cleared 61:pending 121:firing',
    ],
  ],
  'gaps are not known': [
    ['what fires goes on, not known', above(), '0:81 10:lost 100:.', '0:firing 10:unknown'],
    ['a gap ends nothing', above(), '0:81 10:lost 100:back 200:.', '0:firing 10:unknown'],
    [
      'a bad value after it is the same alert',
      above(),
      '0:81 10:lost 100:back 101:85',
      '0:firing 10:unknown 101:known',
    ],
    [
      'a good value after it ends it',
      above(),
      '0:81 10:lost 100:back 101:70',
      '0:firing 10:unknown 101:resolved',
    ],
    [
      'what was pending begins anew',
      above(0, 30),
      '0:81 10:lost 50:back 51:82 80:. 81:.',
      '0:pending 50:cleared 51:pending 81:firing',
    ],
    [
      'unless the gap was as short as between two readings',
      above(0, 30),
      '0:81 10:lost 15:back 16:82 30:.',
      '0:pending 30:firing',
    ],
    ['nothing fires by time while nobody listens', above(0, 30), '0:81 10:lost 40:.', '0:pending'],
    [
      'nor before the device has said something again',
      above(0, 30),
      '0:81 10:lost 15:back 40:.',
      '0:pending',
    ],
    [
      'what was queued meanwhile is taken at its own time',
      above(0, 30),
      '0:81 10:lost 100:back-queued 100:82@20 100:83@31',
      '0:pending 100:firing',
    ],
    [
      'and may say that it is over',
      above(0, 30),
      '0:81 10:lost 100:back-queued 100:70@20 100:70@50',
      '0:pending 100:cleared',
    ],
    ['a change in a gap is a change', changes(60), '0:5 10:lost 100:back 101:6', '101:firing'],
    ['a silent device is not well either', above(), '0:81 40:silent 100:.', '0:firing 40:unknown'],
  ],
  'what comes twice, late or in another order': [
    ['the same message again', above(), '0:70 1:81 1:81@1', '1:firing'],
    ['a late bad value from before the good one', above(), '0:81 5:70 6:90@3', '0:firing 5:resolved'],
    ['a late good value from before the bad one', above(), '5:81 6:70@3', '5:firing'],
    ['a whole stretch again', above(), '0:81 1:70 2:81@0 3:70@1', '0:firing 1:resolved'],
    ['a late value in order counts', above(), '0:70 10:81@5', '10:firing'],
    ['a late pending stretch does not fire', above(0, 30), '100:70 101:81@10 101:81@50', ''],
  ],
  'reload and another leader': [
    [
      'the same breach after a reload does not fire twice',
      above(),
      '0:81 10:reload 12:back 13:81',
      '0:firing 10:unknown 13:known',
    ],
    ['it ends after a reload', above(), '0:81 10:reload 12:back 13:70', '0:firing 10:unknown 13:resolved'],
    [
      'pending goes on over a quick reload',
      above(0, 30),
      '0:81 10:reload 12:back 13:82 30:.',
      '0:pending 30:firing',
    ],
    [
      'and begins anew after a long one',
      above(0, 30),
      '0:81 10:reload 100:back 101:82 130:. 131:.',
      '0:pending 100:cleared 101:pending 131:firing',
    ],
    [
      'redelivered to the next leader',
      above(),
      '0:70 1:81 2:reload 3:back-queued 3:81@1 4:82',
      '1:firing 2:unknown 3:known',
    ],
    [
      'who knows of it is still known',
      above(),
      '0:81 5:ack 10:reload 12:back 13:82 14:ack',
      '0:firing 5:acknowledged 10:unknown 13:known',
    ],
  ],
  acknowledging: [
    ['what fires can be acknowledged, once', above(), '0:81 5:ack 6:ack', '0:firing 5:acknowledged'],
    ['what does not cannot', above(0, 30), '0:81 5:ack', '0:pending'],
    ['it ends as any other', above(), '0:81 5:ack 6:70', '0:firing 5:acknowledged 6:resolved'],
    [
      'the next one has to be acknowledged again',
      above(),
      '0:81 5:ack 6:70 7:81 8:ack',
      '0:firing 5:acknowledged 6:resolved 7:firing 8:acknowledged',
    ],
  ],
  'on and off': [
    [
      'three times are three alerts',
      above(),
      '0:81 1:70 2:81 3:70 4:81 5:70',
      '0:firing 1:resolved 2:firing 3:resolved 4:firing 5:resolved',
    ],
    [
      'the fourth within ten minutes stays until it has been quiet for five',
      above(),
      '0:81 1:70 2:81 3:70 4:81 5:70 6:81 7:70 8:81 9:70 308:. 309:.',
      '0:firing 1:resolved 2:firing 3:resolved 4:firing 5:resolved 6:firing 309:resolved',
    ],
    [
      'four in an hour are four',
      above(),
      '0:81 1:70 900:81 901:70 1800:81 1801:70 2700:81 2701:70',
      '0:firing 1:resolved 900:firing 901:resolved 1800:firing 1801:resolved 2700:firing 2701:resolved',
    ],
    [
      'a gap in the quiet makes it wait for all of it again',
      above(),
      '0:81 1:70 2:81 3:70 4:81 5:70 6:81 7:70 100:lost 200:back 201:70 500:70 501:70',
      '0:firing 1:resolved 2:firing 3:resolved 4:firing 5:resolved 6:firing 100:unknown 201:known 501:resolved',
    ],
    [
      'a reload does not forget that it goes on and off',
      above(),
      '0:81 1:70 2:81 3:70 4:81 5:reload 6:back 7:70 8:81 9:70 100:.',
      '0:firing 1:resolved 2:firing 3:resolved 4:firing 5:unknown 7:resolved 8:firing',
    ],
  ],
  'the clock is set': [
    [
      'forward: it has not lasted longer',
      above(0, 30),
      '0:81 10:clock+3600 29:. 30:.',
      '0:pending 30:firing',
    ],
    ['back: nor shorter', above(0, 30), '0:81 10:clock-3600 29:. 30:.', '0:pending 30:firing'],
    [
      'back and not noticed: a value that has just come is no old one',
      above(),
      '0:70 10:unseen-3600 11:81 12:70',
      '11:firing 12:resolved',
    ],
    [
      'back and not noticed, while pending',
      above(0, 30),
      '0:81 10:unseen-3600 11:82 45:.',
      '0:pending 41:firing',
    ],
    ['forward does not make silence', noData(30), '0:heard 10:clock+3600 29:. 30:.', '30:firing'],
    ['back does not hide silence', noData(30), '0:heard 10:clock-3600 29:. 30:.', '30:firing'],
    ['the pace is that of true time', rate('rise', 10, 60), '0:0 10:clock+3600 20:12', '20:firing'],
    [
      'quiet that has been counted stays',
      above(),
      '0:81 1:70 2:81 3:70 4:81 5:70 6:81 7:70 100:clock-3600 306:. 307:.',
      '0:firing 1:resolved 2:firing 3:resolved 4:firing 5:resolved 6:firing 307:resolved',
    ],
  ],
};

for (const [group, cases] of Object.entries(CASES)) {
  describe(group, () => {
    test.each(cases)('%s', (_what, of, script, expected) => {
      expect(play(of, script)).toBe(expected);
    });
  });
}

test('there are as many cases as the promise says', () => {
  expect(Object.values(CASES).flat().length).toBeGreaterThanOrEqual(60);
});
