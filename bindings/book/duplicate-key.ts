// Finds a key that stands twice in one JSON object. JSON.parse keeps the last and says nothing; money must not vanish so.

/** Where a token that matters starts: texts, openers, closers and separators; everything else is skipped. */
const TOKEN = /["{}[\],:]/g;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Index behind the text that opens at `start`. Not a regular expression: one text may be longer than its stack. */
function endOfText(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== QUOTE) i += text.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i + 1;
}

interface Level {
  keys: Set<string> | undefined;
  index: number;
  key: string;
}

/** Path of the first duplicate key of a valid JSON text, or undefined. */
export function duplicateKey(text: string): string | undefined {
  const stack: Level[] = [];
  let expectKey = false;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token; token = TOKEN.exec(text)) {
    const [word] = token;
    if (word === '"') TOKEN.lastIndex = endOfText(text, token.index);
    const top = stack[stack.length - 1];
    if (word === '{') {
      stack.push({ keys: new Set(), index: -1, key: '' });
      expectKey = true;
    } else if (word === '[') {
      stack.push({ keys: undefined, index: 0, key: '' });
      expectKey = false;
    } else if (word === '}' || word === ']') {
      stack.pop();
      expectKey = false;
    } else if (word === ',') {
      if (top) top.index += 1;
      expectKey = top?.keys !== undefined;
    } else if (word === ':') expectKey = false;
    else if (expectKey && top?.keys) {
      const quoted = text.slice(token.index, TOKEN.lastIndex);
      const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
      top.key = key;
      if (top.keys.has(key)) return pathOf(stack);
      top.keys.add(key);
    }
  }
  return undefined;
}

const pathOf = (stack: Level[]): string =>
  stack.reduce((path, { keys, index, key }) => (keys ? (path ? `${path}.${key}` : key) : `${path}[${index}]`), '');
