import { connectToBroker } from '../connect-to-broker.ts';
import type { Credential } from '../../src/model/broker.ts';
import { UserError } from '../user-error.ts';

const TOPIC = '$CONTROL/dynamic-security/v1';
const PATIENCE_MS = 10_000;

interface Answer {
  readonly command: string;
  readonly error?: string;
}

/**
 * Says `messages` to Mosquitto's dynamic security plugin and waits for its answer to each.
 * @throws UserError with the first that the plugin refused.
 */
export async function sayControl(
  url: string,
  credential: Credential,
  messages: readonly object[],
): Promise<void> {
  const { client } = await connectToBroker(url, credential);
  const correlation = `${Date.now()}`;
  try {
    const answered = new Promise<readonly Answer[]>((resolve, reject) => {
      const answers: Answer[] = [];
      const late = setTimeout(
        () =>
          reject(new UserError(`${url} did not answer on ${TOPIC}: is it Mosquitto with dynamic security?`)),
        PATIENCE_MS,
      );
      client.on('message', (_topic, payload) => {
        const { responses = [] } = JSON.parse(payload.toString()) as {
          responses?: (Answer & { correlationData?: string })[];
        };
        answers.push(...responses.filter(({ correlationData }) => correlationData === correlation));
        if (answers.length < messages.length) return;
        clearTimeout(late);
        resolve(answers);
      });
    });
    // Handled below; a failure of what stands between must not leave it without anybody who looks.
    answered.catch(() => undefined);
    await client.subscribeAsync(`${TOPIC}/response`, { qos: 1 });
    const commands = messages.map((message) => ({ ...message, correlationData: correlation }));
    await client.publishAsync(TOPIC, JSON.stringify({ commands }), { qos: 1 });
    const refused = (await answered).find(({ error }) => error !== undefined);
    if (refused) throw new UserError(`${url} refused ${refused.command}: ${refused.error}.`);
  } finally {
    await client.endAsync(true);
  }
}
