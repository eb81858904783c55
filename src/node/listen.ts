import type { Server } from 'node:net';
import { Refusal, errorCode, errorText } from './refusal.ts';

/**
 * Starts to listen and answers with the port.
 * @param flag the flag with which a person chooses the port
 * @throws Refusal saying which flag to change
 */
export async function listen(server: Server, host: string, port: number, flag: string): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      done();
    });
  }).catch((error: unknown) => {
    throw refusal(error, host, port, flag);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP listener');
  return address.port;
}

function refusal(error: unknown, host: string, port: number, flag: string): Refusal {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new Refusal(`Port ${port} on ${host} is taken; choose another with ${flag} (0: any free one).`);
    case 'EACCES':
      return new Refusal(
        `Port ${port} needs more rights than this user has; choose one above 1023 with ${flag}.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new Refusal(
        `"${host}" is no address of this machine; give --host one that is, or 0.0.0.0 for all.`,
      );
    default:
      return new Refusal(
        `Cannot listen on port ${port} of ${host} (${errorText(error)}); try another ${flag}.`,
      );
  }
}
