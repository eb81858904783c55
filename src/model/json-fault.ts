import { quote } from './foreign-text.ts';

const SPACE = /[ \t\r\n]*/y;
// eslint-disable-next-line no-control-regex -- JSON allows no control character in a text
const TEXT = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function found(text: string, at: number): string {
  const code = text.codePointAt(at);
  if (code === undefined) return 'it ends there';
  // A name for what nobody can see.
  return code < 0x20
    ? 'a control character stands there'
    : `${quote(String.fromCodePoint(code))} stands there`;
}

function sentence(text: string, at: number, wanted: string): string {
  if (text.trim() === '') return 'it is empty';
  return `at character ${at + 1} ${wanted} is expected, but ${found(text, at)}`;
}

/**
 * Where and why a text is not JSON, as half a sentence. The engines' own messages differ, quote the payload and in
 * one case name no position. Works without recursion: the text is hostile.
 * @param text one that `JSON.parse` has refused
 */
export function findJsonFault(text: string): string {
  const open: ('{' | '[')[] = [];
  let at = 0;
  let next: 'value' | 'first item' | 'key' | 'first key' | 'colon' | 'separator' = 'value';
  for (;;) {
    at = skip(SPACE, text, at);
    const char = text[at];
    if (next === 'separator') {
      const inside = open.at(-1);
      if (inside === undefined) return sentence(text, at, 'the end');
      const close = inside === '{' ? '}' : ']';
      if (char === ',') next = inside === '{' ? 'key' : 'value';
      else if (char === close) open.pop();
      else return sentence(text, at, `"," or "${close}"`);
      at++;
    } else if (next === 'colon') {
      if (char !== ':') return sentence(text, at, '":"');
      next = 'value';
      at++;
    } else if ((next === 'first item' && char === ']') || (next === 'first key' && char === '}')) {
      open.pop();
      next = 'separator';
      at++;
    } else if (next === 'key' || next === 'first key') {
      const end = skip(TEXT, text, at);
      if (end === at) return sentence(text, at, char === '"' ? 'a complete text' : 'a key in double quotes');
      next = 'colon';
      at = end;
    } else if (char === '{' || char === '[') {
      open.push(char);
      next = char === '{' ? 'first key' : 'first item';
      at++;
    } else {
      const end = skip(char === '"' ? TEXT : SCALAR, text, at);
      if (end === at) return sentence(text, at, char === '"' ? 'a complete text' : 'a value');
      next = 'separator';
      at = end;
    }
  }
}
