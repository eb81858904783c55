import { connect } from 'mqtt';
import type { MqttClient } from 'mqtt';
import type { Credential } from '../src/model/broker.ts';
import { UserError, sentence } from './user-error.ts';

const TIMEOUT_MS = 10_000;
const CLOSED = new Error('the connection was closed');

/** A credential, and the client id that a broker may bind it to. */
export interface SignIn extends Credential {
  readonly clientId?: string;
}

/**
 * Connects once, over MQTT 5, or 3.1.1 where the broker has no MQTT 5. Rejects instead of trying for ever.
 * @throws UserError with one sentence: the address, and why.
 */
export async function connectToBroker(
  url: string,
  credential: SignIn,
  protocols: readonly (4 | 5)[] = [5, 4],
): Promise<{ client: MqttClient; protocol: 4 | 5 }> {
  if (!/^(mqtt|mqtts|ws|wss):\/\/[^/]/.test(url)) {
    throw new UserError(`"${url}" is not the address of a broker, such as mqtt://127.0.0.1:1883.`, 2);
  }
  for (const protocol of protocols) {
    try {
      return { client: await connectOnce(url, credential, protocol), protocol };
    } catch (error) {
      if (protocol === 5 && isWrongProtocol(error)) continue;
      const advice = isUnknownCertificate(error)
        ? ' Name its certificate, or that of its authority, in NODE_EXTRA_CA_CERTS.'
        : '';
      throw new UserError(
        `${url} refused or did not answer: ${sentence(error) || 'no connection'}.${advice}`,
      );
    }
  }
  throw new UserError(`${url} speaks neither MQTT 5 nor 3.1.1.`);
}

/**
 * CONNACK 1 of a broker that is older than MQTT 5, or 0x84 of one that knows it [MQTT-3.1.2-2]. RabbitMQ 3.10 closes a
 * WebSocket on it without any answer.
 */
function isWrongProtocol(error: unknown): boolean {
  if (error === CLOSED) return true;
  const code = (error as { code?: unknown }).code;
  return code === 1 || code === 0x84;
}

/** Node's codes for a certificate that no authority it knows has signed. */
function isUnknownCertificate(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code);
}

function connectOnce(url: string, credential: SignIn, protocolVersion: 4 | 5): Promise<MqttClient> {
  const client = connect(url, {
    ...credential,
    protocolVersion,
    reconnectPeriod: 0,
    connectTimeout: TIMEOUT_MS,
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      client.end(true);
      reject(error);
    };
    client.once('connect', () => resolve(client));
    client.once('error', fail);
    client.once('close', () => fail(CLOSED));
  });
}
