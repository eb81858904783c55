import type { Credential } from '../../../src/model/broker.ts';

/** What a bridge's process is started with. */
export interface BridgeArguments extends Credential {
  /** The broker's. */
  readonly mqttPort: number;
  /** Where it listens itself; 0 is any free port. */
  readonly port: number;
  readonly deflate: boolean;
}

/** For the bridge: what it was started with. */
export function bridgeArguments(): BridgeArguments {
  return JSON.parse(process.argv[2] ?? '') as BridgeArguments;
}

/** For the bridge: tells its parent that it listens, and ends with it. */
export function bridgeReady(port: number): void {
  process.send?.({ port });
  process.on('disconnect', () => process.exit(0));
}
