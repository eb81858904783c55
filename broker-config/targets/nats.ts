import type { Policy } from '../../src/model/policy.ts';
import type { Target, TargetOptions } from '../target.ts';
import { conf, pidFile, withDefaults } from './nats/conf.ts';
import { readme } from './nats/readme.ts';
import { ROUTE_USER, routes } from './nats/routes.ts';
import { users } from './nats/users.ts';

/** Stand-ins for the three machines of the stores; a gateway may run beside each, or elsewhere. */
const HOSTS = ['nats-1.example', 'nats-2.example', 'nats-3.example'];

/** NATS with its MQTT and WebSocket listeners and JetStream: one server, or a cluster of three stores and their gateways. */
export const target = {
  name: 'nats',
  title: 'NATS',
  compile(policy, options) {
    const filled = withDefaults(options);
    return [
      { path: 'nats-server.conf', text: conf(policy, filled) },
      ...HOSTS.map((_host, i) => ({
        path: `cluster/store-${i + 1}.conf`,
        text: conf(policy, filled, { kind: 'store', number: i + 1, listen: '0.0.0.0:6222' }),
      })),
      ...HOSTS.map((_host, i) => ({
        path: `cluster/gateway-${i + 1}.conf`,
        text: conf(policy, filled, { kind: 'gateway', number: i + 1, listen: '0.0.0.0:6223' }),
      })),
      { path: 'users.conf', text: users(policy), mode: 0o600 },
      { path: 'cluster/users.conf', text: users(policy), mode: 0o600 },
      { path: 'cluster/routes.conf', text: routes(HOSTS), mode: 0o600 },
      { path: 'README.md', text: readme(policy, filled) },
    ];
  },
  installation: {
    hash: 'bcrypt',
    user: 'nats',
    servers: [ROUTE_USER],
    secretFiles: (policy: Policy, hashes) => {
      const text = users(policy, hashes);
      return [
        { path: 'users.conf', text, mode: 0o600 },
        { path: 'cluster/users.conf', text, mode: 0o600 },
        { path: 'cluster/routes.conf', text: routes(HOSTS, hashes.get(ROUTE_USER)), mode: 0o600 },
      ];
    },
    start: (options: TargetOptions) => `nats-server -c ${withDefaults(options).directory}/nats-server.conf`,
    commands: (options: TargetOptions) => ({
      // By its own pid: without one the signal is refused where two servers run.
      reload: [['nats-server', '--signal', `reload=${pidFile(withDefaults(options).data)}`]],
      // A reload closes the connections of users that are gone or have a new password.
      drop: () => [],
    }),
  },
} satisfies Target;
