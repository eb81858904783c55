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
  /** May publish an empty retained payload where devices and people publish, to clear a ghost. */
  readonly clearRetained: boolean;
}

/** What the broker and the web server in front of it are to bound. */
export interface PolicyLimits {
  /** At once, of everybody together. */
  readonly connections: number;
  /** Bytes of one message. */
  readonly messageBytes: number;
  /** Messages that wait for one client; a retained snapshot is a queue as well. */
  readonly queuedMessages: number;
  /** Bytes that wait for one client. */
  readonly queuedBytes: number;
  /** Seconds for which the state of a client that is away is kept; at most 3600. */
  readonly sessionExpiry: number;
}

/** The whole policy, ready to be compiled to a broker. */
export interface Policy {
  /** Under each of them devices live as `<root>/<id>/…`. At least one; none lies in another. */
  readonly roots: readonly string[];
  /** Where something retained can have been left: what `clearRetained` reaches. */
  readonly clearable: readonly string[];
  /** WebSocket addresses at which the page finds the broker. */
  readonly endpoints: readonly string[];
  /** Origins of pages that may open a WebSocket, beside the broker's own host. */
  readonly origins: readonly string[];
  readonly limits: PolicyLimits;
  readonly principals: readonly Principal[];
}

/** The retained document at `telltale/policy/<username>`: a hint for the UI, never a gate. */
export interface PolicyDocument extends Rights {
  readonly version: 1;
  readonly username: string;
  readonly role: string;
  /** May clear retained topics: {@link mayClear}. */
  readonly clearRetained?: boolean;
  /** Bytes that a message may carry. */
  readonly messageBytes?: number;
}

/** What {@link Principal} is told about itself. */
export function policyDocument(principal: Principal, { messageBytes }: PolicyLimits): PolicyDocument {
  const { username, role, subscribe, publish, clearRetained } = principal;
  return {
    version: 1,
    username,
    role,
    subscribe,
    publish,
    ...(clearRetained ? { clearRetained } : {}),
    messageBytes,
  };
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

/** Whether `principal` may publish an empty retained payload on `topic`. */
export function mayClear(policy: Policy, principal: Principal, topic: string): boolean {
  return (
    mayPublish(principal, topic) ||
    (principal.clearRetained && policy.clearable.some((filter) => matches(filter, topic)))
  );
}

/**
 * What a principal has to be able to write on a broker that cannot say "only if empty": its own rights, and where it may
 * clear.
 */
export function writableFilters(policy: Policy, principal: Principal): readonly string[] {
  const { publish, clearRetained } = principal;
  return clearRetained ? [...new Set([...publish, ...policy.clearable])] : publish;
}
