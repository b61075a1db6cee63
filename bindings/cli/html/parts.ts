// What pages are made of: head, tiles, cards with a chart, legends, tables. Ids and names are the user's: none becomes markup.
import type { Rows } from '../waterfall-rows.js';
import { type Chart, draw, WIDTHS, type Width } from './draw.js';
import { style } from './style.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const markup = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ENTITIES[c] as string).replace(/(\d) %/g, '$1&nbsp;%');

export function tile(name: string, value: string, note = '', finding = false): string {
  const small = note === '' ? '' : `<small>${markup(note)}</small>`;
  return `<div class="tile${finding ? ' finding' : ''}"><small>${markup(name)}</small><b>${markup(value)}</b>${small}</div>`;
}

/** Of charts by the move of a price. */
export const SIDES = [
  ['fall', 'by a fall'],
  ['rise', 'by a rise'],
] as const;

export function legend(items: readonly (readonly [css: string, name: string])[]): string {
  return `<ul class="legend">${items.map(([css, name]) => `<li><i class="${css}"></i><span>${markup(name)}</span></li>`).join('')}</ul>`;
}

export function card(chart: Chart | null, ...below: string[]): string {
  return chart ? cardOf(chart, WIDTHS, ...below) : '';
}

/** A card whose drawings have other widths than the page's. */
export function cardOf(chart: Chart, widths: readonly Width[], ...below: string[]): string {
  return `<section class="card" aria-labelledby="${chart.id}"><h2 id="${chart.id}">${markup(chart.title)}</h2>
<p class="soft">${markup(chart.description)}</p>
${draw(chart, widths)}
${below.join('\n')}</section>`;
}

/** @param left - how many columns, from the first, stand left; or which ones */
export function tableOf(
  caption: string,
  titles: readonly string[],
  left: number | readonly boolean[],
  rows: readonly string[][],
): string {
  const css = (i: number): string => ((typeof left === 'number' ? i < left : left[i]) ? ' class="left"' : '');
  return `<div class="scroll" role="region" aria-label="${markup(caption)}" tabindex="0"><table><caption>${markup(caption)}</caption>
<thead><tr>${titles.map((title, i) => `<th scope="col"${css(i)}>${markup(title)}</th>`).join('')}</tr></thead>
<tbody>${rows.map((row) => `<tr>${row.map((cell, i) => `<td${css(i)}>${cell}</td>`).join('')}</tr>`).join('\n')}</tbody></table></div>`;
}

/** A table from rows of words. @param shown - cells as markup, where they are more than words */
export function tableFrom(
  caption: string,
  { columns, cells }: Rows,
  shown = cells.map((row) => row.map(markup)),
): string {
  const titles = columns.map(({ title }) => title);
  return tableOf(
    caption,
    titles,
    columns.map(({ left }) => left === true),
    shown,
  );
}

export const badgeOf = (css: string, text: string): string => `<span class="badge ${css}">${markup(text)}</span>`;

/** Up to the first part of a page. @param facts - of the line below the title */
export function head(title: string, facts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${markup(title)}</title>
<style>${style}</style>
</head>
<body><main>
<header><h1>${markup(title)}</h1>
<p class="soft">${facts.map(markup).join(' · ')}</p></header>
`;
}

export const TAIL = '</main></body></html>\n';
