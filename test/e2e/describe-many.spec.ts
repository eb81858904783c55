import { connectClient } from '../support/broker-clients.ts';
import type { DemoStack } from '../support/demo-stack.ts';
import { expect, person, test } from '../support/e2e.ts';

async function publish(
  demo: DemoStack,
  documents: Readonly<Record<string, object | undefined>>,
): Promise<void> {
  const admin = await connectClient(demo.mqtt, person(demo, 'admin'), { version: 4 });
  for (const [id, document] of Object.entries(documents))
    await admin.publish(`devices/${id}/meta`, document ? JSON.stringify(document) : '', { retain: true });
  await admin.end();
}

const MODEL = {
  name: 'Mixer one',
  location: 'Hall',
  kind: 'mixer',
  model: 'MX-2',
  channels: { rpm: { name: 'Speed', unit: 'rpm' } },
  commands: [{ name: 'stop', title: 'Stop' }],
};

test('a description is applied to others of its kind: previewed, chosen, and not over what somebody changed', async ({
  page,
  console,
  demo,
}) => {
  await publish(demo, {
    'mixer-1': MODEL,
    'mixer-2': { name: 'Mixer two', location: 'Yard', kind: 'mixer', vendor: 'kept' },
    'mixer-3': { name: 'Mixer three', kind: 'mixer' },
    'mixer-4': { name: 'Mixer four', kind: 'mixer' },
  });
  await console.enter(person(demo, 'admin'));
  await console.go('#/device/mixer-1');
  await page.getByRole('button', { name: 'Apply to others like it' }).click();
  const many = page.locator('[data-apply-many]');
  const planned = (id: string) => many.locator(`[data-planned="${id}"]`);
  await expect(planned('mixer-2')).toContainText('model: nothing → "MX-2"');
  await expect(planned('mixer-2')).toContainText('Mixer two');
  await expect(many.getByRole('status')).toHaveText('3 of 3 devices chosen');
  await many.getByRole('button', { name: 'Choose none' }).click();
  await planned('mixer-2').getByRole('checkbox').check();
  await planned('mixer-3').getByRole('checkbox').check();

  await publish(demo, { 'mixer-3': { name: 'Theirs', kind: 'mixer' } });
  await expect(planned('mixer-3')).toContainText('Theirs');
  await many.getByRole('button', { name: 'Apply to 2 devices' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send to 2 devices' }).click();
  await expect(many.locator('[data-apply-run]')).toHaveAttribute('data-apply-run', 'ended');
  await expect(many.locator('[data-applied="mixer-2"]')).toHaveAttribute('data-state', /accepted|sent/);
  await expect(many.locator('[data-applied="mixer-3"]')).toHaveAttribute('data-state', 'conflict');
  await expect(planned('mixer-2')).toContainText('Described so already.');

  await console.go('#/device/mixer-2');
  const facts = page.getByRole('region', { name: 'Description' });
  for (const text of ['Mixer two', 'Yard', 'MX-2']) await expect(facts).toContainText(text);
  await expect(page.locator('[data-command-form="stop"]')).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Last raw message' })).toContainText('"vendor"');
  await facts.getByRole('button', { name: 'Undo' }).click();
  await expect(facts).not.toContainText('MX-2');
  expect(console.errors).toEqual([]);
  await publish(demo, {
    'mixer-1': undefined,
    'mixer-2': undefined,
    'mixer-3': undefined,
    'mixer-4': undefined,
  });
});

test('it is stopped on its way, and the rest is sent later, each once', async ({ page, console, demo }) => {
  const ids = Array.from({ length: 12 }, (_, i) => `press-${i}`);
  const each = (document: object | undefined) => Object.fromEntries(ids.map((id) => [id, document]));
  await publish(demo, { ...each({ kind: 'press' }), 'press-0': { kind: 'press', model: 'P-9' } });
  await console.enter(person(demo, 'admin'));
  await console.go('#/device/press-0');
  await page.getByRole('button', { name: 'Apply to others like it' }).click();
  const many = page.locator('[data-apply-many]');
  await many.getByRole('button', { name: 'Apply to 11 devices' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').selectOption({ label: '5 a second' });
  await dialog.getByRole('button', { name: 'Send to 11 devices' }).click();
  await expect(many.locator('[data-applied="press-1"]')).toHaveAttribute('data-state', /accepted|sent/);
  await many.getByRole('button', { name: 'Stop' }).click();
  const run = many.locator('[data-apply-run]');
  await expect(run).toHaveAttribute('data-apply-run', 'ended');
  await expect(run).toContainText('Stopped by you.');
  await expect(many.locator('[data-applied="press-11"]')).toHaveAttribute('data-state', 'waiting');
  await many.getByRole('button', { name: 'Send again to' }).click();
  await expect(run.locator('[data-count="accepted"], [data-count="sent"]').first()).toHaveText(/^11 /);
  await publish(demo, each(undefined));
});
