import { policyDocument, policyTopic } from '../../src/model/policy.ts';
import { connectToBroker } from '../connect-to-broker.ts';
import { deviceIds } from '../device-ids.ts';
import { loadPolicy } from '../load-policy.ts';
import { UserError, sentence } from '../user-error.ts';

/** The flags of `publish`, as they were typed. */
export interface PublishFlags {
  readonly broker?: string;
  readonly username?: string;
  readonly password?: string;
  readonly roles?: string;
  readonly devices?: string;
}

/** Puts each principal's policy document on a broker, retained at QoS 1; gives the lines to tell the person. */
export async function publish(flags: PublishFlags): Promise<readonly string[]> {
  const { broker, username = 'admin', password = process.env['TELLTALE_PASSWORD'] } = flags;
  if (!broker) throw new UserError('publish needs --broker mqtt://HOST:PORT (or mqtts, ws, wss).', 2);
  if (password === undefined) {
    throw new UserError('publish needs --password, or the variable TELLTALE_PASSWORD.', 2);
  }
  const devices = flags.devices === undefined ? [] : await deviceIds(flags.devices);
  const policy = await loadPolicy({ file: flags.roles, devices });
  const { client, protocol } = await connectToBroker(broker, { username, password });
  try {
    for (const principal of policy.principals) {
      const topic = policyTopic(principal.username);
      await client
        .publishAsync(topic, JSON.stringify(policyDocument(principal, policy.limits)), {
          qos: 1,
          retain: true,
        })
        .catch((error: unknown) => {
          throw new UserError(`${broker} did not take ${topic} from "${username}": ${sentence(error)}.`);
        });
    }
  } finally {
    await client.endAsync(true);
  }
  // Some brokers answer a publish that they drop exactly like one that they keep, unless the protocol is MQTT 5.
  const certainty =
    protocol === 5 ? 'accepted by the broker' : 'sent; over MQTT 3.1.1 the broker cannot confirm them';
  return [`${policy.principals.length} policy documents ${certainty}.`];
}
