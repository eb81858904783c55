import { findJsonFault } from './json-fault.ts';

/** Larger payloads are not parsed. The broker contract's devices send well under a kilobyte. */
export const MAX_PARSED_BYTES = 256 * 1024;

/** Lists and objects inside each other; `JSON.parse` takes 100,000, the code that walks the result does not. */
export const MAX_DEPTH = 32;

/** What came of reading a payload. `why` goes on from a subject: "Telemetry" + " is not JSON: …", without a full stop. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

// Fatal: half a character or a wrong encoding must not become a value that looks right.
const decoder = new TextDecoder('utf-8', { fatal: true });

function refuse(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}

/**
 * The payload as text. A byte order mark is dropped.
 * @param maxBytes larger payloads are refused unread
 */
export function readText(payload: Uint8Array, maxBytes = MAX_PARSED_BYTES): Reading<string> {
  if (payload.length > maxBytes) {
    return refuse(`is ${payload.length} bytes long; at most ${maxBytes} are read`);
  }
  try {
    return { ok: true, value: decoder.decode(payload) };
  } catch {
    return refuse('is not text in UTF-8');
  }
}

/**
 * The payload as a JSON value: at most {@link MAX_DEPTH} deep, and without the keys `__proto__`, `constructor` and
 * `prototype`, so that copying it key by key cannot reach a prototype. Numbers beyond f64 are still `Infinity` here.
 * @param maxBytes larger payloads are refused unread
 */
export function readJson(payload: Uint8Array, maxBytes = MAX_PARSED_BYTES): Reading<unknown> {
  const text = readText(payload, maxBytes);
  return text.ok ? parseJson(text.value) : text;
}

/** As {@link readJson}, from text. */
export function parseJson(text: string): Reading<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(`is not JSON: ${findJsonFault(text)}`);
  }
  if (!tidy(value, MAX_DEPTH)) return refuse(`has more than ${MAX_DEPTH} lists or objects inside each other`);
  return { ok: true, value };
}

/** Whether a JSON value is an object, so neither a list nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deletes the keys that lead to a prototype; false when the value is deeper than `depth`. */
function tidy(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => tidy(item, depth - 1));
  const object = value as Record<string, unknown>;
  for (const key in object) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') delete object[key];
    else if (typeof object[key] === 'object' && !tidy(object[key], depth - 1)) return false;
  }
  return true;
}
