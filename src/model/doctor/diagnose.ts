import { causeText } from './cause-texts.ts';
import { likelyCauses } from './causes.ts';
import type { Diagnosis, Findings } from './findings.ts';
import { stagesOf } from './stages.ts';

/** What is wrong with the way to a broker, as far as a page can find out; the likeliest cause first. */
export function diagnose(findings: Findings): Diagnosis {
  return {
    endpoint: findings.endpoint,
    stages: stagesOf(findings),
    causes: likelyCauses(findings).map((name) => causeText(name, findings)),
  };
}
