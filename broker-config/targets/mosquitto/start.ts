import type { TargetOptions } from '../../target.ts';
import { withDefaults } from './conf.ts';

/** How Mosquitto is started: by Debian's service where it looks for its configuration there. */
export function start(options: TargetOptions): string {
  const { directory } = withDefaults(options);
  return directory === withDefaults({}).directory
    ? 'systemctl restart mosquitto'
    : `mosquitto -c ${directory}/mosquitto.conf`;
}
