const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** So many digits are below 2^53, and so many decimals have a power of ten that f64 holds exactly: one division rounds right. */
const MAX_DIGITS = 15;
const POWERS = Float64Array.from({ length: MAX_DIGITS + 1 }, (_, i) => 10 ** i);

/**
 * A JSON object of numbers as one device writes it again and again: the bytes around the numbers, and the names. A message
 * of the same shape is read from its bytes, number by number, with no text, no object and no name made; what it reads
 * is what `JSON.parse` reads, to the bit. What does not fit is not read at all.
 */
export class KnownShape {
  /** In the order of the message, but for the one that was to be the last. */
  readonly names: readonly string[];
  /** One for each name, of the payload that was read last. */
  readonly numbers: Float64Array;
  /** What stands before each number, then what stands behind the last. */
  readonly #between: readonly Uint8Array[];
  /** What is being read, which may turn out to be something else. */
  readonly #draft: Float64Array;
  /** Where in `numbers` each stands. */
  readonly #places: Uint32Array;
  /** Where the number that was just read ends; -1 when it is none that can be read here. */
  #end = 0;

  private constructor(names: readonly string[], between: readonly Uint8Array[], last: string | undefined) {
    const isLast = (name: string) => name === last;
    this.names = [...names.filter((name) => !isLast(name)), ...names.filter(isLast)];
    this.#places = Uint32Array.from(names, (name) => this.names.indexOf(name));
    this.numbers = new Float64Array(names.length);
    this.#between = between;
    this.#draft = new Float64Array(names.length);
  }

  /**
   * The shape of a payload that was read as `json`; undefined where it holds anything but numbers of few digits, or a
   * name twice.
   * @param payload UTF-8 that `JSON.parse` took
   * @param last the name whose number is to stand last, where there is one
   */
  static of(
    payload: Uint8Array,
    json: Readonly<Record<string, unknown>>,
    last?: string,
  ): KnownShape | undefined {
    const names: string[] = [];
    const between: Uint8Array[] = [];
    let from = 0;
    for (let at = 0; at < payload.length; at++) {
      if (payload[at] !== QUOTE) continue;
      const nameTo = endOfText(payload, at);
      const name = JSON.parse(new TextDecoder().decode(payload.subarray(at, nameTo))) as string;
      at = nameTo;
      while (payload[at] !== COLON) if (++at >= payload.length) return undefined;
      do at++;
      while ((payload[at] ?? SPACE + 1) <= SPACE);
      if (typeof json[name] !== 'number' || names.includes(name)) return undefined;
      names.push(name);
      between.push(payload.slice(from, at));
      while (isOfNumber(payload[at])) at++;
      from = at;
    }
    between.push(payload.slice(from));
    if (names.length === 0 || names.length !== Object.keys(json).length) return undefined;
    const shape = new KnownShape(names, between, last);
    return shape.read(payload) ? shape : undefined;
  }

  /** Whether the payload has this shape; `numbers` are its own then, and as they were if not. */
  read(payload: Uint8Array): boolean {
    const between = this.#between;
    const draft = this.#draft;
    const count = draft.length;
    let at = 0;
    for (let i = 0; i < count; i++) {
      at = passOver(between[i]!, payload, at);
      if (at < 0) return false;
      const number = this.#readNumber(payload, at);
      at = this.#end;
      if (at < 0) return false;
      draft[i] = number;
    }
    if (passOver(between[count]!, payload, at) !== payload.length) return false;
    const numbers = this.numbers;
    const places = this.#places;
    for (let i = 0; i < count; i++) numbers[places[i]!] = draft[i]!;
    return true;
  }

  /** A number without an exponent (RFC 8259, section 6) of few enough digits to be exact. */
  #readNumber(bytes: Uint8Array, from: number): number {
    this.#end = -1;
    let at = from;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    let digits = 0;
    let byte = bytes[at] ?? 0;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) digits = digits * 10 + byte - ZERO;
    let count = at - first;
    // No digit, or a zero that leads.
    if (count === 0 || (count > 1 && bytes[first] === ZERO)) return 0;
    let decimals = 0;
    if (byte === DOT) {
      const dot = at;
      byte = bytes[++at] ?? 0;
      for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) digits = digits * 10 + byte - ZERO;
      decimals = at - dot - 1;
      if (decimals === 0) return 0;
      count += decimals;
    }
    if (count > MAX_DIGITS) return 0;
    this.#end = at;
    const value = decimals === 0 ? digits : digits / POWERS[decimals]!;
    return negative ? -value : value;
  }
}

/** Where `bytes` end in the payload if they stand at `at`, else -1. */
function passOver(bytes: Uint8Array, payload: Uint8Array, at: number): number {
  const length = bytes.length;
  if (at + length > payload.length) return -1;
  for (let i = 0; i < length; i++) if (payload[at + i] !== bytes[i]) return -1;
  return at + length;
}

/** Behind the closing quote of the text that begins at `from`. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function isOfNumber(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= ZERO && byte <= NINE) ||
    byte === MINUS ||
    byte === DOT ||
    byte === 0x2b || // +
    byte === 0x45 || // E
    byte === 0x65 // e
  );
}
