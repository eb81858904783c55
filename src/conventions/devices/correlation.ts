/** The correlation data of a command is its id, which is ASCII (MQTT 5, section 3.3.2.3.6). */
export function correlationData(id: string): Uint8Array {
  return Uint8Array.from(id, (letter) => letter.charCodeAt(0));
}

/** The id of the command that a message belongs to by its correlation data; `undefined` when that is no id of a command. */
export function correlatedId(data: Uint8Array | undefined): string | undefined {
  if (data === undefined || data.length === 0 || data.length > 22) return undefined;
  const id = String.fromCharCode(...data);
  return /^[A-Za-z0-9_-]+$/.test(id) ? id : undefined;
}
