/** QoS 1 messages that were taken in, side by side and in the order in which they came. */
export interface TakenMessages {
  readonly packetIds: Uint16Array;
  /** Of topic and payload, 32 bits each. */
  readonly fingerprints: Uint32Array;
}
