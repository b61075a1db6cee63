// A message about the page as a whole, above everything, that can be put away.
import { byId, fill, h } from '../dom.ts';

export function notice(what: string, more: string): void {
  const element = byId('notice');
  element.hidden = false;
  fill(
    element,
    h('p', {}, h('b', {}, what), ' ', more),
    h('button', { type: 'button', onclick: () => clearNotice() }, 'Understood'),
  );
}

export function clearNotice(): void {
  const element = byId('notice');
  element.hidden = true;
  element.replaceChildren();
}
