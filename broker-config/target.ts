import type { Policy } from '../src/model/policy.ts';

/** One file that a target writes. */
export interface GeneratedFile {
  /** Relative to the target's folder, `/` between folders, never upwards. */
  readonly path: string;
  readonly text: string;
  /** Permission bits where they matter; otherwise whatever the system gives a new file. */
  readonly mode?: number;
}

/** Where the broker will run. Every member has a default that suits the broker's usual package. */
export interface TargetOptions {
  /** Folder in which the broker finds these files, absolute, with no `/` at its end. */
  readonly directory?: string;
  /** Folder in which the broker keeps its own state, absolute, with no `/` at its end. */
  readonly data?: string;
  /** IP address to listen on. */
  readonly host?: string;
  /** TCP port for devices. */
  readonly port?: number;
  /** WebSocket port for the page. */
  readonly wsPort?: number;
  /** First of the ports that the broker needs beside those two, each one higher than the one before. */
  readonly ownPort?: number;
}

/** How a broker wants a password to be kept. */
export type HashName = 'mosquitto' | 'bcrypt' | 'rabbitmq';

/** Passwords as the broker keeps them, by username. */
export type Hashes = ReadonlyMap<string, string>;

/** One command line, word by word. */
export type CommandLine = readonly string[];

/** What an administrator runs on the broker's machine. */
export interface Commands {
  /** After the files have changed. */
  readonly reload: readonly CommandLine[];
  /** Before {@link reload}, where that does not put out a principal that is gone or has a new password. */
  drop(username: string): readonly CommandLine[];
}

/** A change of one principal on a running broker. */
export interface Change {
  readonly kind: 'add' | 'rotate' | 'revoke';
  readonly username: string;
  /** The new one, where there is one. */
  readonly password?: string;
}

/** What `install` needs of a target whose files hold passwords. */
export interface Installation {
  readonly hash: HashName;
  /** The system user that the broker runs as. */
  readonly user: string;
  /** One of the secret files that is put into the data folder as well, where the broker goes on writing it. */
  readonly seed?: string;
  /** Sign-ins that the broker itself needs, beside the principals of the policy. */
  readonly extra?: readonly string[];
  /** Names by which the broker's own servers know each other: their passwords stand readable in its files, for nobody else. */
  readonly servers?: readonly string[];
  /** The files of `compile` that are replaced, with the passwords in them. Always mode 600. */
  secretFiles(policy: Policy, hashes: Hashes, options: TargetOptions): readonly GeneratedFile[];
  start(options: TargetOptions): string;
  commands(options: TargetOptions): Commands;
  /** Where a running broker is changed by messages to itself: what to say to it, and who may. */
  readonly control?: {
    readonly username: string;
    messages(policy: Policy, change: Change): readonly object[];
  };
}

/** One entry of the shelf `broker-config/targets/`: how a policy is said to one kind of broker. */
export interface Target {
  /** The name of the file on the shelf and of the folder under `generated/`. */
  readonly name: string;
  /** What people call the broker. */
  readonly title: string;
  /** Pure: the same policy and options give the same files. No secret may be in them. */
  compile(policy: Policy, options: TargetOptions): readonly GeneratedFile[];
  /** Missing where there is nothing to install from here. */
  readonly installation?: Installation;
}
