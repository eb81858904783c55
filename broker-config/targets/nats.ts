import type { Policy } from '../../src/model/policy.ts';
import type { TargetOptions } from '../target.ts';
import type { Target } from '../target.ts';
import { conf, withDefaults } from './nats/conf.ts';
import { readme } from './nats/readme.ts';
import { users } from './nats/users.ts';

/** Stand-ins for the three machines of a cluster. */
const HOSTS = ['nats-1.example', 'nats-2.example', 'nats-3.example'];

/** NATS with its MQTT and WebSocket listeners and JetStream: one node, or a cluster of three. */
export const target = {
  name: 'nats',
  title: 'NATS',
  compile(policy, options) {
    const filled = withDefaults(options);
    const routes = HOSTS.map((host) => `nats://${host}:6222`);
    return [
      { path: 'nats-server.conf', text: conf(policy, filled) },
      ...HOSTS.map((_host, i) => ({
        path: `cluster/nats-${i + 1}.conf`,
        text: conf(policy, filled, { number: i + 1, routes, listen: '0.0.0.0:6222' }),
      })),
      { path: 'users.conf', text: users(policy), mode: 0o600 },
      { path: 'cluster/users.conf', text: users(policy), mode: 0o600 },
      { path: 'README.md', text: readme(policy, filled) },
    ];
  },
  installation: {
    hash: 'bcrypt',
    user: 'nats',
    secretFiles: (policy: Policy, hashes) => {
      const text = users(policy, hashes);
      return [
        { path: 'users.conf', text, mode: 0o600 },
        { path: 'cluster/users.conf', text, mode: 0o600 },
      ];
    },
    start: (options: TargetOptions) => `nats-server -c ${withDefaults(options).directory}/nats-server.conf`,
    commands: (options: TargetOptions) => ({
      // By its own pid: without one the signal is refused where two servers run.
      reload: [['nats-server', '--signal', `reload=${withDefaults(options).data}/nats-server.pid`]],
      // A reload closes the connections of users that are gone or have a new password.
      drop: () => [],
    }),
  },
} satisfies Target;
