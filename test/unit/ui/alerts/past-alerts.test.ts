import { expect, test } from 'vitest';
import type { Alert } from '../../../../src/model/alert/alert.ts';
import type { HistoryEvent } from '../../../../src/model/history-event.ts';
import { alertSpans, breachesOf } from '../../../../src/ui/pages/alerts/past-alerts.ts';

type AlertEvent = Extract<HistoryEvent, { kind: 'alert' }>;

function event(at: number, state: AlertEvent['state'], more: Partial<AlertEvent> = {}): AlertEvent {
  return {
    kind: 'alert',
    at,
    device: 'd',
    alert: 'rule',
    state,
    text: 'hot',
    id: 'x',
    channel: 't',
    ...more,
  };
}

test('an alert is one item from its beginning to its end, with who knew of it', () => {
  expect(
    alertSpans([
      event(10, 'firing', { since: 8, severity: 'critical' }),
      event(15, 'acknowledged', { by: 'anna' }),
      event(20, 'resolved'),
    ]),
  ).toEqual([
    {
      id: 'x',
      device: 'd',
      channel: 't',
      severity: 'critical',
      text: 'hot',
      from: 8,
      to: 20,
      acknowledgedBy: 'anna',
    },
  ]);
});

test('one whose beginning is out of the range still has its end', () => {
  expect(alertSpans([event(20, 'resolved', { since: 3 })])).toMatchObject([{ from: 3, to: 20 }]);
});

test('what an older build wrote, which has no ids, is told apart by its device', () => {
  const old = (at: number, state: AlertEvent['state'], device: string): AlertEvent => ({
    kind: 'alert',
    at,
    device,
    alert: 'offline',
    state,
    text: '',
  });
  const spans = alertSpans([
    old(1, 'firing', 'a'),
    old(2, 'firing', 'b'),
    old(3, 'resolved', 'a'),
    old(4, 'firing', 'a'),
    old(5, 'resolved', 'b'),
  ]);
  expect(spans.map(({ device, from, to }) => [device, from, to])).toEqual([
    ['b', 2, 5],
    ['a', 4, undefined],
    ['a', 1, 3],
  ]);
});

test('a chart shows what is over and what stands, and nothing whose end nobody saw', () => {
  const spans = alertSpans([
    event(1, 'firing', { id: 'over' }),
    event(2, 'resolved', { id: 'over' }),
    event(3, 'firing', { id: 'lost' }),
    event(4, 'firing', { id: 'now' }),
    event(5, 'firing', { id: 'other', channel: 'h' }),
  ]);
  const standing: Alert = {
    id: 'now',
    device: 'd',
    kind: 'rule',
    severity: 'warning',
    state: 'acknowledged',
    text: '',
    since: 4,
    channel: 't',
  };
  expect(breachesOf(spans, [standing], 'd', 't')).toEqual([
    { from: 1, to: 2, severity: 'warning' },
    { from: 4, to: undefined, severity: 'warning' },
  ]);
});
