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
}

/** One entry of the shelf `broker-config/targets/`: how a policy is said to one kind of broker. */
export interface Target {
  /** The name of the file on the shelf and of the folder under `generated/`. */
  readonly name: string;
  /** What people call the broker. */
  readonly title: string;
  /** Pure: the same policy and options give the same files. No secret may be in them. */
  compile(policy: Policy, options: TargetOptions): readonly GeneratedFile[];
}
