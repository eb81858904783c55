import type { DescriptionDocument, DeviceDescription, DeviceKey, LocalDescription } from '../model/device.ts';

/** What a person wants a device to be described as. */
export interface DraftRequest {
  readonly device: DeviceKey;
  readonly description: DeviceDescription;
  /** What of this document the description does not know stays. */
  readonly over?: DescriptionDocument;
  /** What belongs to one device, its name and its location, stays as `over` says it. */
  readonly keepOwn?: true;
}

/** A description as it would be published. */
export interface DraftAnswer {
  readonly document: DescriptionDocument;
  /** Of the payload. */
  readonly bytes: number;
  /** What a console would leave out of it, one sentence each. */
  readonly problems: readonly string[];
}

export interface DescribeRequest {
  readonly device: DeviceKey;
  /** `null` takes the description away. */
  readonly document: DescriptionDocument | null;
  /** What stood at the broker when the person began; when it is another one by now, nothing is sent. */
  readonly over: DescriptionDocument | null;
}

/** What this browser alone says of a device. */
export interface LocalRequest extends Pick<LocalDescription, 'device' | 'over'> {
  /** `null` takes it away: what is published is shown again. */
  readonly document: DescriptionDocument | null;
}

/** What the broker's answer is worth: `accepted` where it proves that the broker took it. */
export type DescribeAnswer = 'accepted' | 'sent';
