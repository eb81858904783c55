import type { Policy } from '../../src/model/policy.ts';
import type { Target, TargetOptions } from '../target.ts';
import { messages } from './mosquitto-dynsec/control.ts';
import { CONTROL_USER, document } from './mosquitto-dynsec/document.ts';
import { readme } from './mosquitto-dynsec/readme.ts';
import { conf, withDefaults } from './mosquitto/conf.ts';
import { start } from './mosquitto/start.ts';

/** Mosquitto 2.0 and 2.1 with the dynamic security plugin, which changes rights and passwords while it runs. */
export const target = {
  name: 'mosquitto-dynsec',
  title: 'Mosquitto with dynamic security',
  compile(policy, options) {
    const filled = withDefaults(options);
    return [
      { path: 'mosquitto.conf', text: conf(policy.limits, filled, 'dynsec') },
      { path: 'dynamic-security.json', text: document(policy), mode: 0o600 },
      { path: 'README.md', text: readme(policy, filled) },
    ];
  },
  installation: {
    hash: 'mosquitto',
    user: 'mosquitto',
    seed: 'dynamic-security.json',
    extra: [CONTROL_USER],
    secretFiles: (policy: Policy, hashes) => [
      { path: 'dynamic-security.json', text: document(policy, hashes), mode: 0o600 },
    ],
    start,
    commands: (options: TargetOptions) => ({
      // It reads its file at its start alone, and ends every connection by it. `control` changes it while it runs.
      reload: [
        ['systemctl', 'stop', 'mosquitto'],
        [
          'cp',
          '-p',
          `${withDefaults(options).directory}/dynamic-security.json`,
          `${withDefaults(options).data}/`,
        ],
        ['systemctl', 'start', 'mosquitto'],
      ],
      drop: () => [],
    }),
    control: { username: CONTROL_USER, messages },
  },
} satisfies Target;
