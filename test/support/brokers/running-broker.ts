import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from '../../../broker-config/credentials.ts';
import type { Credential } from '../../../src/model/broker.ts';
import type { TargetOptions } from '../../../broker-config/target.ts';
import type { Policy } from '../../../src/model/policy.ts';

/** A real broker with a generated configuration, in its own folder, on free loopback ports. */
export interface RunningBroker {
  readonly name: string;
  readonly versions: readonly (4 | 5)[];
  /** `mqtt://127.0.0.1:…`, for devices. */
  readonly mqtt: string;
  /** `ws://127.0.0.1:…`, for people. */
  readonly ws: string;
  readonly policy: Policy;
  readonly folder: string;
  /** Whether a denied SUBSCRIBE ends the connection. */
  readonly closesOnSubscribe: boolean;
  /** Whether a denied PUBLISH ends the connection. */
  readonly closesOnPublish: boolean;
  /** What it was installed with. */
  readonly options: TargetOptions;
  /** What an administrator's shell on its machine has, so that the broker's own commands reach it. */
  readonly env: NodeJS.ProcessEnv;
  /** In place of `systemctl`, which it does not run under. */
  readonly reload?: string;
  credential(username: string): Credential;
  /** Installs another policy as an administrator would, reloads, and carries out what its README says of `revoked`. */
  apply(policy: Policy, revoked?: string): Promise<void>;
  stop(): Promise<void>;
}

/** A lookup in what `install` has handed out in this folder by the time of asking. */
export function credentialIn(folder: string): (username: string) => Credential {
  return (username) => {
    const text = readFileSync(join(folder, 'credentials.json'), 'utf8');
    const { users, devices } = JSON.parse(text) as Credentials;
    const found = [...Object.values(users), ...Object.values(devices)].find(
      (one) => one.username === username,
    );
    if (!found) throw new Error(`No credential for ${username}.`);
    return found;
  };
}
