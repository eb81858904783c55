import { parseArgs } from 'node:util';
import { add } from './commands/add.ts';
import { audit } from './commands/audit.ts';
import { compile } from './commands/compile.ts';
import { decommission } from './commands/decommission.ts';
import { drift, generate } from './commands/generate.ts';
import { install } from './commands/install.ts';
import { lint } from './commands/lint.ts';
import { publish } from './commands/publish.ts';
import { revoke } from './commands/revoke.ts';
import { rotate } from './commands/rotate.ts';
import { USAGE } from './usage.ts';
import { UserError, sentence } from './user-error.ts';

const COMMANDS = [
  'lint',
  'compile',
  'check',
  'install',
  'publish',
  'add',
  'rotate',
  'revoke',
  'decommission',
  'audit',
];

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const changing = { roles: text, installed: text, apply: flag, reload: text } as const;

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** The flags of one command; a flag of another command is refused rather than ignored. */
function flagsOf<const Of extends Options>(args: readonly string[], options: Of) {
  return parsed(args, options, false).values;
}

/** The same for a command that is about somebody. */
function aboutOf<const Of extends Options>(args: readonly string[], options: Of) {
  const { values, positionals } = parsed(args, options, true);
  if (positionals.length > 1) throw new UserError(`One name at a time, not ${positionals.join(', ')}.`, 2);
  return [positionals[0], values] as const;
}

function parsed<const Of extends Options>(args: readonly string[], options: Of, allowPositionals: boolean) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (error) {
    throw new UserError(`${sentence(error).split('. ')[0]}. See: npm run broker-config -- --help`, 2);
  }
}

/**
 * Carries out one command line; gives the lines for stdout.
 * @throws UserError with the lines for stderr and the exit code.
 */
export async function runCommand(args: readonly string[]): Promise<readonly string[]> {
  const [command, ...rest] = args;
  switch (command) {
    case 'lint':
      return lint(flagsOf(rest, { roles: text }));
    case 'compile':
      return compile(flagsOf(rest, { target: text, out: text, roles: text }));
    case 'check':
      return checkDrift();
    case 'install': {
      const shared = { target: text, out: text, data: text, roles: text, devices: text, host: text };
      return install(flagsOf(rest, { ...shared, port: text, 'ws-port': text, witness: flag }));
    }
    case 'publish':
      return publish(
        flagsOf(rest, { broker: text, username: text, password: text, roles: text, devices: text }),
      );
    case 'audit': {
      const whom = { broker: text, as: text, credentials: text, roles: text, devices: text } as const;
      return audit(flagsOf(rest, { ...whom, yes: flag, json: flag, limits: flag }));
    }
    case 'add':
      return add(...aboutOf(rest, { ...changing, role: text, id: text }));
    case 'rotate':
      return rotate(...aboutOf(rest, changing));
    case 'revoke':
      return revoke(...aboutOf(rest, changing));
    case 'decommission':
      return decommission(
        ...aboutOf(rest, { ...changing, broker: text, username: text, password: text, yes: flag }),
      );
  }
  if (command !== undefined && !command.startsWith('-')) {
    throw new UserError(
      `There is no command "${command}"; there are ${COMMANDS.join(', ')}. See: npm run broker-config -- --help`,
      2,
    );
  }
  const { check, help } = flagsOf(args, { check: flag, help: flag });
  if (help) return [USAGE];
  if (!check) return [`Wrote ${(await generate()).length} files to broker-config/generated/.`];
  return checkDrift();
}

async function checkDrift(): Promise<readonly string[]> {
  const lines = await drift();
  if (lines.length === 0) return ['broker-config/generated/ is what roles.yaml says.'];
  throw new UserError(
    lines.map((line) => `broker-config/generated/${line}; run: npm run broker-config`).join('\n'),
  );
}
