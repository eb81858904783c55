import { writableFilters } from '../../src/model/policy.ts';
import type { Policy, Principal } from '../../src/model/policy.ts';
import type { Target } from '../target.ts';

const NOT_RUN = 'NOT RUN BY US: written from the documentation of AWS IoT Core and never tried there.';

/** AWS's own bound on a policy document, in characters without white space. */
const MAX_CHARACTERS = 2_048;

/** AWS IoT Core: one policy document for each principal. */
export const target = {
  name: 'aws',
  title: 'AWS IoT Core (not run by us)',
  compile(policy) {
    return [
      ...policy.principals.map((principal) => ({
        path: `${principal.username}.policy.json`,
        text: document(policy, principal),
      })),
      { path: 'README.md', text: readme(policy) },
    ];
  },
} satisfies Target;

/**
 * A policy names resources by ARN, in which `*` is a wildcard that also crosses `/`, and `+` and `#` are plain characters.
 * So a subscription is allowed exactly as it stands, which is the narrower way; what may come and go has to be wider.
 */
function document(policy: Policy, principal: Principal): string {
  const arn = (kind: string, name: string) => `arn:aws:iot:REGION:ACCOUNT:${kind}/${name}`;
  const topics = (filters: readonly string[]) => filters.map((filter) => arn('topic', wildcards(filter)));
  const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]) =>
    Resource.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action, Resource }];
  const publish = writableFilters(policy, principal);
  const statements = [
    ...allow('NotRunByUs', ['iot:Connect'], [arn('client', principal.clientId ?? 'tt*')]),
    ...allow(
      'Subscribe',
      ['iot:Subscribe'],
      principal.subscribe.map((filter) => arn('topicfilter', filter)),
    ),
    ...allow('Receive', ['iot:Receive'], topics(principal.subscribe)),
    ...allow('Publish', ['iot:Publish', 'iot:RetainPublish'], topics(publish)),
  ];
  return `${JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)}\n`;
}

function wildcards(filter: string): string {
  return filter.replace(/\/#$/, '*').replaceAll('+', '*').replaceAll('#', '*');
}

function readme(policy: Policy): string {
  const long = policy.principals.filter(
    (principal) => document(policy, principal).replaceAll(/\s/g, '').length > MAX_CHARACTERS,
  );
  const tooLong =
    long.length === 0
      ? ''
      : `\n**Too long for AWS** (${MAX_CHARACTERS} characters without white space), to be split by hand into several policies: ${long.map(({ username }) => username).join(', ')}.\n`;
  return `# AWS IoT Core: not run by us

${NOT_RUN} Try every right before you rely on it.
${tooLong}
- Put your region and account in place of \`REGION\` and \`ACCOUNT\`, then for each file
  \`aws iot create-policy --policy-name telltale-NAME --policy-document file://NAME.policy.json\`, and attach it: to the certificate of a
  device, or to what your custom authorizer answers for a person.
- A static page cannot sign a request by itself: people need a **custom authorizer** that takes MQTT user names and passwords (or
  Cognito). The address is \`wss://ENDPOINT/mqtt\`; \`"kind": "aws"\` in the page's \`config.json\`.
- Revoke: detach the policy, deactivate the certificate. Connections that there are stay until they are closed; AWS says within minutes.

## What this broker cannot do

- **A \`+\` cannot be said exactly.** \`*\` in a policy also crosses \`/\`, so \`devices/*/status\` lets \`devices/a/b/status\` through.
  Subscriptions are therefore allowed only word for word: a page that follows one device alone, with "Only what I look at", is refused.
- 8 filters in a SUBSCRIBE, 50 subscriptions a connection, topics of at most 256 bytes and 7 slashes, 128 KB a message, no QoS 2.
- "Clear retained" cannot be limited to empty payloads: who has it may write any payload where devices write.
`;
}
