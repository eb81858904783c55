import { readFileSync } from 'node:fs';
import { parsePolicySource } from '../../broker-config/parse-policy.ts';
import { resolvePolicy } from '../../broker-config/policy-source.ts';
import { refusalLine } from '../../broker-config/refusal.ts';
import { withDevices } from '../../broker-config/with-devices.ts';
import type { Policy } from '../model/policy.ts';
import { Refusal, errorText } from './refusal.ts';

/** The device that nobody simulates: its credential is printed for a board or a stock client. */
export const SPARE_DEVICE = 'my-board';

/**
 * The policy of the roles file with a principal for each simulated device and the spare one.
 * @param file path of the roles file
 * @throws Refusal naming the file, the line and the reason
 */
export function readDemoPolicy(file: string, simulated: readonly string[]): Policy {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(
      `Cannot read the roles file ${file} (${errorText(error)}); restore it from the repository.`,
    );
  }
  const parsed = parsePolicySource(text);
  if (!parsed.ok) throw new Refusal(parsed.refusals.map((one) => refusalLine(file, one)).join('\n'));
  try {
    return resolvePolicy(withDevices(parsed.source, [...simulated, SPARE_DEVICE]));
  } catch (error) {
    throw new Refusal(`${file}: ${errorText(error)}`);
  }
}
