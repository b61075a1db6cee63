// Elements in one line, and figures: a number for people whose exact value stands in the markup beside it.

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | ((event: never) => void) | undefined>;

/** An element; keys that begin with `on` are listeners, `true` is an empty attribute, `false` and undefined none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  apply(node, props);
  append(node, children);
  return node;
}

/** The same in SVG. */
export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  apply(node, props);
  append(node, children);
  return node;
}

function apply(node: Element, props: Props): void {
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === 'function') node.addEventListener(key.slice(2), value as EventListener);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : String(value));
  }
}

function append(node: Element, children: Child[]): void {
  for (const child of children) if (child !== null && child !== undefined && child !== false) node.append(child);
}

/** A number: `value` has all its digits, `data-figure` says which it is. */
export const figure = (name: string, value: number | null, text: string, className = ''): HTMLElement =>
  h(
    'data',
    { value: value === null ? 'null' : String(value), 'data-figure': name, class: className || undefined },
    text,
  );

/** Replaces what an element holds. */
export function fill(node: Element, ...children: Child[]): void {
  node.replaceChildren();
  append(node, children);
}

export const byId = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;

/** A select of words. */
export function choice(
  props: Props,
  words: readonly (readonly [value: string, label: string])[],
  chosen: string,
): HTMLSelectElement {
  const options = words.map(([value, label]) => {
    const option = h('option', { value }, label);
    option.selected = value === chosen;
    return option;
  });
  return h('select', props, ...options);
}

/** A table with a caption that only screen readers have. */
export function table(caption: string, heads: readonly string[], rows: readonly Node[], className = ''): HTMLElement {
  const head = h('thead', {}, h('tr', {}, ...heads.map((text) => h('th', { scope: 'col' }, text))));
  const body = h('tbody', {}, ...rows);
  return h('table', { class: className || undefined }, h('caption', { class: 'aside' }, caption), head, body);
}
