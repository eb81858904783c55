import { readFile } from 'node:fs/promises';
import { askFirst } from '../ask-first.ts';
import { nobodyAdvice, witnessAdvice } from '../audit/advice.ts';
import type { Difference } from '../audit/audit-principal.ts';
import { compare, triedTopics } from '../audit/compare.ts';
import { LIMIT_TOPICS, findLimits } from '../audit/limits.ts';
import { visit } from '../audit/visit.ts';
import type { SignIn } from '../connect-to-broker.ts';
import { passwordsIn } from '../credentials.ts';
import { deviceIds } from '../device-ids.ts';
import { PROBE_ID } from '../expected.ts';
import { loadPolicy } from '../load-policy.ts';
import { UserError } from '../user-error.ts';
import { WITNESS } from '../with-witness.ts';

/** The flags of `audit`, as they were typed. */
export interface AuditFlags {
  readonly broker?: string;
  /** Usernames with commas between; everybody in the credentials when not given. */
  readonly as?: string;
  /** The file that `install --witness` wrote. */
  readonly credentials?: string;
  readonly roles?: string;
  readonly devices?: string;
  /** The answer to the question, given beforehand. */
  readonly yes?: boolean;
  readonly json?: boolean;
  /** What the broker silently does not do, in place of the policy. */
  readonly limits?: boolean;
}

/**
 * Holds a live broker against the policy, with a witness who sees everything; with `--limits`, against what a fleet needs.
 * @throws UserError with every difference, one a line.
 */
export async function audit(flags: AuditFlags): Promise<readonly string[]> {
  const { broker, credentials } = flags;
  // On the devices' listener a sign-in may have one connection alone.
  if (!broker || !/^wss?:/.test(broker))
    throw new UserError('audit needs --broker wss://HOST/mqtt (or ws), the address that pages use.', 2);
  if (!credentials)
    throw new UserError('audit needs --credentials FILE, the credentials.json of "install --witness".', 2);
  await readFile(credentials).catch(() => {
    throw new UserError(
      `${credentials} cannot be read. Give the credentials.json that "install --witness" wrote.`,
      2,
    );
  });
  const passwords = await passwordsIn(credentials);
  const signInOf = (username: string, clientId?: string): SignIn => {
    const password = passwords.get(username);
    if (password === undefined)
      throw new UserError(`There is no password of ${username} in ${credentials}.`, 2);
    return { username, password, ...(clientId !== undefined && { clientId }) };
  };
  if (!passwords.has(WITNESS)) {
    throw new UserError(await witnessAdvice(credentials), 2);
  }
  const witness = signInOf(WITNESS);
  if (flags.limits) return limits(broker, witness, flags);

  const devices = flags.devices === undefined ? [] : await deviceIds(flags.devices);
  const policy = await loadPolicy({ file: flags.roles, devices });
  const names =
    flags.as?.split(',') ??
    policy.principals.map(({ username }) => username).filter((name) => passwords.has(name));
  if (names.length === 0) {
    throw new UserError(await nobodyAdvice(credentials), 2);
  }
  const audited = names.map((name) => {
    const principal = policy.principals.find(({ username }) => username === name);
    if (!principal)
      throw new UserError(
        `The policy has no "${name}". Give its --roles, and --devices where it is a device.`,
        2,
      );
    return { principal, signIn: signInOf(name, principal.clientId) };
  });
  const topics = triedTopics(policy);
  await askFirst(plan(broker, names, topics), flags.yes);

  const report = await visit(broker, witness, topics, (come) => compare(policy, audited, come));
  const { tried, notTried, differences } = report;
  if (flags.json) {
    if (differences.length > 0) process.exitCode = 1;
    return [JSON.stringify(report)];
  }
  const rest = notTried.map(({ why, rows }) => `${rows} rows were not tried: ${why}.`);
  if (differences.length === 0) return [...rest, `${tried} rows are as the policy says.`];
  throw new UserError(
    [...differences.map(line), ...rest, `${differences.length} of ${tried} rows differ.`].join('\n'),
  );
}

function plan(broker: string, names: readonly string[], topics: readonly string[]): readonly string[] {
  return [
    `On ${broker}, as ${names.join(', ')} and as ${WITNESS}, messages are published to topics that no device owns, some`,
    'of them retained and cleared again afterwards:',
    ...topics.map((topic) => `  ${topic}`),
  ];
}

const VERB = { subscribe: 'read', publish: 'publish to', clear: 'clear' } as const;

function line({ principal, topic, action, expect }: Difference): string {
  const [does, should] = expect === 'deny' ? ['can', 'may not'] : ['cannot', 'may'];
  return `${principal} ${does} ${VERB[action]} ${topic}; by the policy it ${should}.`;
}

async function limits(broker: string, witness: SignIn, flags: AuditFlags): Promise<readonly string[]> {
  await askFirst(
    [
      `On ${broker}, as ${WITNESS}, 2,000 retained messages are published under elsewhere/${PROBE_ID}/ and cleared again.`,
    ],
    flags.yes,
  );
  const { messageBytes } = (await loadPolicy({ file: flags.roles })).limits;
  const found = await visit(broker, witness, LIMIT_TOPICS, (come) => findLimits(broker, messageBytes, come));
  if (flags.json) {
    if (found.length > 0) process.exitCode = 1;
    return [JSON.stringify({ limits: found })];
  }
  if (found.length > 0) throw new UserError(found.join('\n'));
  return [
    'A retained snapshot of 2,000 is complete, 64 KB come within a second, more than the policy allows does not come, and a loopback listener answers nowhere else.',
  ];
}
