import { describe, expect, test } from 'vitest';
import type { Command, Outcome } from '../../../src/model/command.ts';
import { whyNotReload } from '../../../src/ui/why-not-reload.ts';

const command = (outcome: Outcome): Command => ({
  id: outcome,
  device: 'devices board' as Command['device'],
  name: 'reboot',
  args: null,
  by: 'operator',
  topic: 'devices/board/cmd',
  bytes: 40,
  outcome,
  createdAt: 0,
  deadline: 60_000,
  attempts: 0,
});

describe('whether a reload costs somebody something', () => {
  test('nothing is open and nothing under way', () => {
    const settled = (['done', 'failed', 'unanswered', 'expired', 'refused'] as const).map(command);
    expect(whyNotReload(false, settled)).toBeUndefined();
  });

  test('a form is being filled in', () => {
    expect(whyNotReload(true, [])).toMatch(/form/);
  });

  test.each(['queued', 'sent', 'accepted'] as const)('a command is %s', (outcome) => {
    expect(whyNotReload(false, [command('done'), command(outcome)])).toMatch(/command/);
  });
});
