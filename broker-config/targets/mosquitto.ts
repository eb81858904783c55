import type { Target } from '../target.ts';
import { acl } from './mosquitto/acl.ts';
import { conf, withDefaults } from './mosquitto/conf.ts';
import { readme } from './mosquitto/readme.ts';
import { start } from './mosquitto/start.ts';

/** Mosquitto 2.0 and 2.1 with an acl_file and a password_file. */
export const target = {
  name: 'mosquitto',
  title: 'Mosquitto with acl_file',
  compile(policy, options) {
    const filled = withDefaults(options);
    return [
      { path: 'mosquitto.conf', text: conf(policy.limits, filled) },
      // Newer versions warn about, and will refuse, files that others can read.
      { path: 'acl', text: acl(policy), mode: 0o600 },
      { path: 'README.md', text: readme(policy, filled) },
    ];
  },
  installation: {
    hash: 'mosquitto',
    user: 'mosquitto',
    // `passwd` is Mosquitto's own form already.
    secretFiles: () => [],
    start,
    commands: () => ({
      // A reload ends the connections of users that are gone or have a new password.
      reload: [['systemctl', 'reload', 'mosquitto']],
      drop: () => [],
    }),
  },
} satisfies Target;
