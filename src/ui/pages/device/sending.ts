import type { SendRequest } from '../../../engine-api/calls.ts';

/** For how long a command can be valid: seconds, and how they read. */
export const VALID_FOR = [
  [10, '10 s'],
  [60, '1 min'],
  [600, '10 min'],
  [3600, '1 h'],
] as const;

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
  readonly send: (
    what: Pick<SendRequest, 'name' | 'args' | 'raw' | 'handling' | 'confirms'>,
  ) => Promise<void>;
}
