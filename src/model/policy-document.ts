import { isObject, readJson } from './payload.ts';
import type { PolicyDocument } from './policy.ts';
import { isValidFilter } from './topic.ts';

const MAX_FILTERS = 1_000;

function readFilters(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_FILTERS) return undefined;
  return value.every((filter) => typeof filter === 'string' && isValidFilter(filter)) ? value : undefined;
}

/** Reads the retained document of a user; `undefined` when it is not one, or is somebody else's. */
export function readPolicyDocument(payload: Uint8Array, username: string): PolicyDocument | undefined {
  const json = readJson(payload);
  if (!json.ok || !isObject(json.value)) return undefined;
  const { version, role } = json.value;
  const subscribe = readFilters(json.value['subscribe']);
  const publish = readFilters(json.value['publish']);
  if (version !== 1 || typeof role !== 'string' || json.value['username'] !== username) return undefined;
  if (!subscribe || !publish) return undefined;
  const clearRetained = json.value['clearRetained'] === true;
  const messageBytes = json.value['messageBytes'];
  return {
    version,
    username,
    role,
    subscribe,
    publish,
    ...(clearRetained && { clearRetained }),
    // One without it is of an older `publish`.
    ...(typeof messageBytes === 'number' && messageBytes > 0 && { messageBytes }),
  };
}
