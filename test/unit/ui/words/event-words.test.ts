import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../../src/model/history-event.ts';
import { eventWords } from '../../../../src/ui/words/event-words.ts';

const device = 'devices:pump-1';

test.each<[string, HistoryEvent, string]>([
  ['a device that goes', { kind: 'status', at: 1, device, online: 'offline' }, 'Offline.'],
  [
    'a command that its device refused, with hidden characters in what it says',
    {
      ...{ kind: 'command', at: 1, device, id: 'c1', name: 'set', by: 'ada', outcome: 'failed' },
      error: 'valve\u202estuck',
    },
    'Command set by ada: failed. valve\\u202Estuck',
  ],
  [
    'an alert',
    { kind: 'alert', at: 1, device, alert: 'offline', state: 'firing', text: 'Offline' },
    'Alert: Offline',
  ],
  [
    'an alert that is over',
    { kind: 'alert', at: 1, device, alert: 'offline', state: 'resolved', text: 'Offline' },
    'Over: Offline',
  ],
  [
    'a message that nobody could read',
    { kind: 'problem', at: 1, device, topic: 'devices/pump-1/telemetry', message: 'Not JSON.' },
    'Not JSON.',
  ],
])('%s', (_, event, words) => {
  expect(eventWords(event)).toBe(words);
});
