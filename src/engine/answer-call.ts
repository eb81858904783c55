import type { CallName, Calls } from '../engine-api/calls.ts';
import { WIRE_VERSION, type Port, type ToEngine } from '../engine-api/wire.ts';

/** The calls as the engine carries them out: now or later. */
export type AnsweredCalls = {
  readonly [Name in CallName]: (
    ...args: Parameters<Calls[Name]>
  ) => ReturnType<Calls[Name]> | Promise<ReturnType<Calls[Name]>>;
};

/** Carries out one call, here or in another tab. */
export type CarryOut = (name: CallName, args: readonly unknown[]) => unknown;

/** The table of calls as one function. */
export function carryOutOf(calls: AnsweredCalls): CarryOut {
  return (name, args) => (calls[name] as (...args: readonly unknown[]) => unknown)(...args);
}

/** Carries out one call and posts its one answer; an error crosses as its sentence. */
export async function answerCall(
  port: Port,
  call: Extract<ToEngine, { type: 'call' }>,
  carryOut: CarryOut,
): Promise<void> {
  const { id, name } = call;
  try {
    const value = await carryOut(name, call.args);
    port.post({ type: 'answer', v: WIRE_VERSION, id, ok: true, value }, buffersIn(value));
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    port.post({ type: 'answer', v: WIRE_VERSION, id, ok: false, error: sentence }, []);
  }
}

/** The buffers of typed arrays in an answer, which are handed over rather than copied. */
function buffersIn(value: unknown, found: ArrayBufferLike[] = []): ArrayBufferLike[] {
  if (ArrayBuffer.isView(value)) found.push(value.buffer);
  else if (Array.isArray(value)) for (const item of value) buffersIn(item, found);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) buffersIn(item, found);
  return found;
}
