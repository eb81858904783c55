import { expect, test } from 'vitest';
import { loadPolicy } from '../../../broker-config/load-policy.ts';
import { target } from '../../../broker-config/targets/mosquitto.ts';
import { acl } from '../../../broker-config/targets/mosquitto/acl.ts';

const policy = await loadPolicy({ devices: ['pump-1', 'pump-2'] });
const lines = acl(policy)
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** The rights of each user, as Mosquitto reads the file. */
function stanzas(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines) {
    if (line.startsWith('user ')) {
      current = [];
      found.set(line.slice('user '.length), current);
    } else current?.push(line);
  }
  return found;
}

test('there is one stanza for each principal, and not a line before the first: that would be for anybody', () => {
  expect(lines[0]).toMatch(/^user /);
  expect([...stanzas().keys()]).toEqual(policy.principals.map(({ username }) => username));
  expect(lines.filter((line) => line.startsWith('user '))).toHaveLength(policy.principals.length);
});

test('no line is a pattern or a deny, and each says read or write', () => {
  for (const line of lines) expect(line).toMatch(/^(user [\w-]+|topic (read|write) \S+)$/);
});

test('the rights of somebody who may not clear are those of the policy, one line each', () => {
  for (const { username, subscribe, publish, clearRetained } of policy.principals) {
    if (clearRetained) continue;
    const expected = [
      ...subscribe.map((filter) => `topic read ${filter}`),
      ...publish.map((filter) => `topic write ${filter}`),
    ];
    expect(stanzas().get(username)).toEqual(expected);
  }
});

test('who may clear gets what devices write, and not the whole root', () => {
  const admin = policy.principals.find(({ clearRetained }) => clearRetained);
  const known = admin?.publish.map((filter) => `topic write ${filter}`) ?? [];
  const extra = stanzas()
    .get(admin?.username ?? '')
    ?.filter((line) => line.startsWith('topic write') && !known.includes(line));
  expect(extra).toEqual(
    ['ack', 'config/reported', 'status', 'telemetry'].map((leaf) => `topic write devices/+/${leaf}`),
  );
});

test('wherever devices connect, the listener of the page stays on this machine, behind its web server', () => {
  const conf = target
    .compile(policy, { host: 'fd00::7' })
    .find(({ path }) => path === 'mosquitto.conf')?.text;
  const lines = conf?.split('\n').filter((line) => /^(listener|socket_domain)/.test(line));
  expect(lines).toEqual([
    'listener 1883 fd00::7',
    'socket_domain ipv6',
    'listener 9001 127.0.0.1',
    'socket_domain ipv4',
  ]);
});

test('every option of a listener stands behind the first listener', () => {
  const conf = target.compile(policy, {}).find(({ path }) => path === 'mosquitto.conf')?.text ?? '';
  const options = conf.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const first = options.findIndex((line) => line.startsWith('listener '));
  const scoped =
    /^(socket_domain|protocol|use_username_as_clientid|certfile|keyfile|bind_interface|mount_point)\b/;
  expect(options.slice(0, first).filter((line) => scoped.test(line))).toEqual([]);
  // Without socket_domain Mosquitto 2.0 opens a WebSocket listener on every address.
  expect(options.filter((line) => line.startsWith('socket_domain'))).toHaveLength(2);
  expect(options).toContain('allow_anonymous false');
  expect(options).toContain('max_queued_messages 100000');
});
