// Finds a key that stands twice in one JSON object. JSON.parse keeps the last and says nothing; money must not vanish so.

/** Tokens that matter: texts, openers, closers and separators; everything else is skipped. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

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
      const key = word.includes('\\') ? (JSON.parse(word) as string) : word.slice(1, -1);
      top.key = key;
      if (top.keys.has(key)) return pathOf(stack);
      top.keys.add(key);
    }
  }
  return undefined;
}

const pathOf = (stack: Level[]): string =>
  stack.reduce((path, { keys, index, key }) => (keys ? (path ? `${path}.${key}` : key) : `${path}[${index}]`), '');
