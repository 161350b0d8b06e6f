/** A lexical element of GoogleSQL text. `text` is the content: without quotes, escapes already read. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'symbol';
  readonly text: string;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  /** What the subset does not contain, each a sentence that says what to write instead. */
  readonly problems: readonly string[];
}

const blank = /(?:\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)+/y;

const matchers: readonly (readonly [kind: Token['kind'], pattern: RegExp])[] = [
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['parameter', /@[A-Za-z_][A-Za-z0-9_]*/y],
  ['quoted', /`[^`\\\n]+`/y],
  ['string', /'(?:[^'\\\n]|\\[^\n])*'|"(?:[^"\\\n]|\\[^\n])*"/y],
  ['symbol', /<>|<=|>=|!=|\|\||[=<>+\-*(),.;]/y],
];

const advice: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/\|>/y, 'pipe syntax (|>) is outside the subset: write nested SELECTs or WITH'],
  [/'''|"""/y, 'triple-quoted strings are outside the subset: write a single-quoted string'],
  [/\//y, 'bare / is outside the subset, because the engines differ on integers and on zero: use SAFE_DIVIDE'],
  [/@@/y, 'system variables (@@) are outside the subset: pass a parameter'],
  [/[[\]]/y, 'brackets are outside the subset, because array positions differ: use UNNEST, or QUALIFY for one row'],
];

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '`': '`' };

/** Splits GoogleSQL text into tokens; comments and white space go. Never throws: what it cannot read is a problem. */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  const problems: string[] = [];
  let at = 0;
  while (at < text.length) {
    at += matchAt(blank, text, at).length;
    if (at >= text.length) break;
    const problem = advice.find(([pattern]) => matchAt(pattern, text, at) !== '')?.[1];
    const found = problem === undefined ? nextToken(text, at) : undefined;
    // What follows an unreadable character is guesswork, so the first problem of this kind ends the reading.
    if (found === undefined) return { tokens, problems: [...problems, problem ?? `unexpected ${excerpt(text, at)}: not in the portable subset`] };
    at += found.raw.length;
    problems.push(...adjacent(found, text, at));
    tokens.push({ kind: found.kind, text: contentOf(found, problems) });
  }
  return { tokens, problems };
}

interface RawToken {
  readonly kind: Token['kind'];
  readonly raw: string;
}

function nextToken(text: string, at: number): RawToken | undefined {
  for (const [kind, pattern] of matchers) {
    const raw = matchAt(pattern, text, at);
    if (raw !== '') return { kind, raw };
  }
  return undefined;
}

/** Tokens that may not touch: `r'…'` and `b'…'`, `12ab` and `0x1f`, and two strings, which BigQuery does not join. */
function adjacent(token: RawToken, text: string, end: number): readonly string[] {
  const next = text[end] ?? '';
  if (token.kind === 'word' && (next === "'" || next === '"')) {
    return [`the literal ${token.raw}${next}… is outside the subset: write a plain string, with a space after DATE or TIMESTAMP`];
  }
  if (token.kind === 'number' && /[A-Za-z_.]/.test(next)) return [`the number ${token.raw}${next}… is outside the subset: write it in decimal`];
  if (token.kind === 'string' && (next === "'" || next === '"')) return ["a doubled quote is no escape in GoogleSQL: write \\'"];
  return [];
}

function contentOf(token: RawToken, problems: string[]): string {
  if (token.kind === 'parameter') return token.raw.slice(1);
  if (token.kind === 'quoted') return token.raw.slice(1, -1);
  if (token.kind !== 'string') return token.raw;
  return token.raw.slice(1, -1).replaceAll(/\\(.)/g, (sequence, letter: string) => {
    const character = escapes[letter];
    if (character === undefined) problems.push(`the escape ${sequence} is outside the subset: write the character itself`);
    return character ?? '';
  });
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

const excerpt = (text: string, at: number): string => JSON.stringify(text.slice(at, at + 12));
