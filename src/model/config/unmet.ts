import type { SafeSchema } from '../device.ts';
import { differencesBetween, inParts, type Difference } from './differences.ts';
import { isSecret } from './keepable.ts';

/**
 * Where a device does not report what is asked of it: `from` is what is asked, `to` what it reports. What it reports beside
 * that (a version, a default) is its own business, and what is write-only it need not report.
 * @param reported `undefined` when it has reported nothing
 */
export function unmet(asked: unknown, reported: unknown, schema?: SafeSchema): readonly Difference[] {
  return (
    differencesBetween(asked, reported ?? {})
      // One of the parts may be write-only.
      .flatMap(inParts)
      .filter(({ path, from }) => from !== undefined && !isSecret(schema, path))
  );
}
