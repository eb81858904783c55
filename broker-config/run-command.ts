import { parseArgs } from 'node:util';
import { compile } from './commands/compile.ts';
import { drift, generate } from './commands/generate.ts';
import { install } from './commands/install.ts';
import { lint } from './commands/lint.ts';
import { publish } from './commands/publish.ts';
import { UserError, sentence } from './user-error.ts';

const USAGE = `npm run broker-config                write broker-config/generated/ from roles.yaml
npm run broker-config -- check       fail if generated/ is not what roles.yaml says (also: --check)
npm run broker-config -- lint [--roles FILE]             what is legal and unwise
npm run broker-config -- compile --target NAME --out DIR [--roles FILE]    one target's files, without passwords
npm run broker-config -- install --target NAME --out DIR [--data DIR] [--roles FILE] [--devices FILE|ID,ID]
                                 [--host IP] [--port P] [--ws-port P] [--witness]
npm run broker-config -- publish --broker mqtt://HOST:PORT --username admin --password PASSWORD [--roles FILE]
                                 [--devices FILE|ID,ID]`;

const COMMANDS = ['lint', 'compile', 'check', 'install', 'publish'];

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** The flags of one command; a flag of another command is refused rather than ignored. */
function flagsOf<const Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
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
  if (command === 'lint') return lint(flagsOf(rest, { roles: text }));
  if (command === 'compile') return compile(flagsOf(rest, { target: text, out: text, roles: text }));
  if (command === 'check') return checkDrift();
  if (command === 'install') {
    const shared = { target: text, out: text, data: text, roles: text, devices: text, host: text };
    return install(flagsOf(rest, { ...shared, port: text, 'ws-port': text, witness: flag }));
  }
  if (command === 'publish') {
    return publish(
      flagsOf(rest, { broker: text, username: text, password: text, roles: text, devices: text }),
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
