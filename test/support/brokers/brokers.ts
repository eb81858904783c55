import { startAclFile } from './start-acl-file.ts';
import { startDynsec } from './start-dynsec.ts';
import { startNats } from './start-nats.ts';
import { startRabbitmq } from './start-rabbitmq.ts';

/** The real brokers that the tests loop over: the name of the target, and how one is started. */
export const BROKERS = [
  ['mosquitto', startAclFile],
  ['mosquitto-dynsec', startDynsec],
  ['nats', startNats],
  ['rabbitmq', startRabbitmq],
] as const;
