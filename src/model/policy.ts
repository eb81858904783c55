import { covers, matches } from './topic.ts';

/** Rights as leaf filters, allow-only: what is not listed is refused. */
export interface Rights {
  /** Filters that may be read. */
  readonly subscribe: readonly string[];
  /** Filters whose topics may be written. */
  readonly publish: readonly string[];
}

/** A principal with its role's filters filled in (`{id}` and `{username}` replaced). */
export interface Principal extends Rights {
  readonly username: string;
  readonly role: string;
  /** The device id, where the principal is a device. */
  readonly id?: string;
  /** The only client id it may connect with. */
  readonly clientId?: string;
  /** May publish an empty retained payload on any topic under the root, to clear a ghost. */
  readonly clearRetained: boolean;
}

/** The whole policy, ready to be compiled to a broker. */
export interface Policy {
  readonly root: string;
  readonly principals: readonly Principal[];
}

/** The retained document at `telltale/policy/<username>`: a hint for the UI, never a gate. */
export interface PolicyDocument extends Rights {
  readonly version: 1;
  readonly username: string;
  readonly role: string;
  /** May clear retained topics under the root: {@link mayClear}. */
  readonly clearRetained?: boolean;
}

/** What {@link Principal} is told about itself. */
export function policyDocument(principal: Principal): PolicyDocument {
  const { username, role, subscribe, publish, clearRetained } = principal;
  return { version: 1, username, role, subscribe, publish, ...(clearRetained ? { clearRetained } : {}) };
}

/** Where the policy document of a user is kept. */
export function policyTopic(username: string): string {
  return `telltale/policy/${username}`;
}

/** Whether somebody with `rights` may publish on `topic`. */
export function mayPublish(rights: Rights, topic: string): boolean {
  return rights.publish.some((filter) => matches(filter, topic));
}

/** Whether somebody with `rights` may subscribe to `filter`: one right must cover all of it. */
export function maySubscribe(rights: Rights, filter: string): boolean {
  return rights.subscribe.some((right) => covers(right, filter));
}

/** Whether `principal` may publish an empty retained payload on `topic`, whatever its other rights say. */
export function mayClear(principal: Principal, root: string, topic: string): boolean {
  return principal.clearRetained && matches(`${root}/#`, topic);
}
