import { runCommand } from './run-command.ts';
import { UserError } from './user-error.ts';

try {
  for (const line of await runCommand(process.argv.slice(2))) console.log(line);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
