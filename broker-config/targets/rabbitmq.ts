import type { Policy } from '../../src/model/policy.ts';
import type { Target, TargetOptions } from '../target.ts';
import { conf, withDefaults } from './rabbitmq/conf.ts';
import { definitions } from './rabbitmq/definitions.ts';
import { readme } from './rabbitmq/readme.ts';

/** RabbitMQ 3.10 to 3.13 with its MQTT and Web MQTT plugins. */
export const target = {
  name: 'rabbitmq',
  title: 'RabbitMQ with web_mqtt',
  compile(policy, options) {
    const filled = withDefaults(options);
    return [
      { path: 'rabbitmq.conf', text: conf(policy, filled) },
      { path: 'enabled_plugins', text: '[rabbitmq_mqtt,rabbitmq_web_mqtt].\n' },
      { path: 'definitions.json', text: definitions(policy), mode: 0o600 },
      { path: 'README.md', text: readme(policy, filled) },
    ];
  },
  installation: {
    hash: 'rabbitmq',
    user: 'rabbitmq',
    secretFiles: (policy: Policy, hashes) => [
      { path: 'definitions.json', text: definitions(policy, hashes), mode: 0o600 },
    ],
    start: (options: TargetOptions) =>
      `RABBITMQ_CONFIG_FILE=${withDefaults(options).directory}/rabbitmq rabbitmq-server`,
    commands: (options: TargetOptions) => ({
      reload: [['rabbitmqctl', 'import_definitions', `${withDefaults(options).directory}/definitions.json`]],
      // An import takes nobody away and leaves open what is open. close_all_user_connections knows of no MQTT connection.
      drop: (username: string) => [['rabbitmqctl', 'delete_user', username]],
    }),
  },
} satisfies Target;
