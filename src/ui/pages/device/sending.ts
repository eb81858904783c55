import type { SendRequest } from '../../../engine-api/calls.ts';

/** What the forms of one device share. */
export interface Sending {
  /** Nothing can be sent; the panel above says why. */
  readonly blocked: boolean;
  /** What the button says: `Send`, or until when it would wait. */
  readonly label: string;
  /** There is no link: it would wait, or the person does not send it. */
  readonly queues: boolean;
  /** Where it goes, if that is known before it is sent. */
  readonly topic: string | undefined;
  readonly by: string;
  readonly deviceName: string;
  /** Seconds. */
  readonly ttl: number;
  /** Rejects with one clear sentence. */
  readonly send: (what: Pick<SendRequest, 'name' | 'args' | 'raw' | 'confirms'>) => Promise<void>;
}
