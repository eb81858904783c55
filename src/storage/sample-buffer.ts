import type { Value } from '../model/sample.ts';
import { Kind } from '../model/table.ts';
import { LATE, type Block } from './columns.ts';
import { grown } from './grown.ts';

const MIN_CAPACITY = 1024;

/** Samples on their way to the store, in typed arrays that grow: the hot path makes no object per sample. */
export class SampleBuffer {
  #series: Uint32Array;
  #t: Float64Array;
  #ts: Float64Array;
  #number: Float64Array;
  #flags: Uint8Array;
  #texts: string[] = [];
  #textIndex = new Map<string, number>();
  #length = 0;
  #from = Infinity;
  #to = -Infinity;
  #hasDeviceTime = false;

  constructor(capacity = MIN_CAPACITY) {
    this.#series = new Uint32Array(capacity);
    this.#t = new Float64Array(capacity);
    this.#ts = new Float64Array(capacity);
    this.#number = new Float64Array(capacity);
    this.#flags = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Appends one sample. `ts` is NaN where the device sent no time. */
  push(series: number, t: number, ts: number, value: Value, late: boolean): void {
    if (this.#length === this.#t.length) this.#grow();
    this.#note(t, ts);
    this.#put(this.#length++, series, t, ts, value, late);
  }

  /** Appends the samples of one message, one for each series. None of them is late. */
  pushMessage(series: readonly number[], t: number, ts: number, values: ArrayLike<Value>): void {
    if (values.length === 0) return;
    this.#note(t, ts);
    for (let j = 0; j < values.length; j++) {
      if (this.#length === this.#t.length) this.#grow();
      this.#put(this.#length++, series[j]!, t, ts, values[j]!, false);
    }
  }

  #note(t: number, ts: number): void {
    if (t < this.#from) this.#from = t;
    if (t > this.#to) this.#to = t;
    if (!Number.isNaN(ts)) this.#hasDeviceTime = true;
  }

  #put(i: number, series: number, t: number, ts: number, value: Value, late: boolean): void {
    this.#series[i] = series;
    this.#t[i] = t;
    this.#ts[i] = ts;
    let kind: number = Kind.number;
    if (typeof value === 'number') {
      this.#number[i] = value;
    } else if (typeof value === 'boolean') {
      kind = Kind.boolean;
      this.#number[i] = value ? 1 : 0;
    } else {
      kind = Kind.text;
      this.#number[i] = this.#indexOf(value);
    }
    this.#flags[i] = late ? kind | LATE : kind;
  }

  /** A copy of what is buffered, or `undefined` when there is nothing. */
  block(): Block | undefined {
    const n = this.#length;
    if (n === 0) return undefined;
    return {
      series: this.#series.slice(0, n),
      t: this.#t.slice(0, n),
      ...(this.#hasDeviceTime && { ts: this.#ts.slice(0, n) }),
      number: this.#number.slice(0, n),
      flags: this.#flags.slice(0, n),
      texts: [...this.#texts],
      from: this.#from,
      to: this.#to,
    };
  }

  /** Hands over what is buffered, without a copy, and starts again. */
  take(): Block | undefined {
    const n = this.#length;
    if (n === 0) return undefined;
    const block: Block = {
      series: this.#series.subarray(0, n),
      t: this.#t.subarray(0, n),
      ...(this.#hasDeviceTime && { ts: this.#ts.subarray(0, n) }),
      number: this.#number.subarray(0, n),
      flags: this.#flags.subarray(0, n),
      texts: this.#texts,
      from: this.#from,
      to: this.#to,
    };
    // Most likely as much comes until the next time, or a little more.
    const capacity = Math.ceil((n * 1.05) / MIN_CAPACITY) * MIN_CAPACITY;
    this.#series = new Uint32Array(capacity);
    this.#t = new Float64Array(capacity);
    this.#ts = new Float64Array(capacity);
    this.#number = new Float64Array(capacity);
    this.#flags = new Uint8Array(capacity);
    this.#length = 0;
    this.#from = Infinity;
    this.#to = -Infinity;
    this.#hasDeviceTime = false;
    this.#texts = [];
    this.#textIndex = new Map();
    return block;
  }

  #indexOf(text: string): number {
    let index = this.#textIndex.get(text);
    if (index === undefined) {
      index = this.#texts.length;
      this.#texts.push(text);
      this.#textIndex.set(text, index);
    }
    return index;
  }

  #grow(): void {
    const capacity = this.#t.length * 2;
    this.#series = grown(this.#series, capacity);
    this.#t = grown(this.#t, capacity);
    this.#ts = grown(this.#ts, capacity);
    this.#number = grown(this.#number, capacity);
    this.#flags = grown(this.#flags, capacity);
  }
}
