// Draws a chart with Observable Plot on a document of linkedom, as SVG text: once for wide and once for narrow screens, each
// with its title and description for readers who do not see it. The page's style sheet shows one of the two.
import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export interface Width {
  /** Pixels. */
  width: number;
  narrow: boolean;
}

export interface Chart {
  id: string;
  title: string;
  /** What is to be seen, in a sentence or two. */
  description: string;
  draw(at: Width): PlotOptions;
}

export const WIDTHS: readonly Width[] = [
  { width: 1080, narrow: false },
  { width: 360, narrow: true },
];

/** Widths of charts that stand side by side. */
export const BESIDE: readonly Width[] = [
  { width: 520, narrow: false },
  { width: 360, narrow: true },
];

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Coordinates of a drawing to a tenth of a pixel: nobody sees more, and the page is half the size. Words stay as they are. */
const shorten = (svg: string): string => svg.replace(/<[^>]+>/g, (tag) => tag.replace(/(\d+\.\d)\d{2,}/g, '$1'));

function svg(chart: Chart, at: Width): string {
  const drawing = plot({
    document: document as unknown as Document,
    className: 'plot',
    width: at.width,
    style: { fontSize: '12px', background: 'none' },
    ...chart.draw(at),
  }) as unknown as SVGSVGElement;
  const name = `${chart.id}-${at.narrow ? 'narrow' : 'wide'}`;
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-labelledby', `${name}-title ${name}-desc`);
  drawing.querySelector('style')?.remove();
  for (const [tag, text] of [
    ['desc', chart.description],
    ['title', chart.title],
  ] as const) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    element.setAttribute('id', `${name}-${tag}`);
    element.textContent = text;
    drawing.insertBefore(element as unknown as Element, drawing.firstChild);
  }
  return shorten(drawing.outerHTML);
}

/** The drawings of a chart, for a wide and for a narrow screen. */
export function draw(chart: Chart, widths: readonly Width[] = WIDTHS): string {
  return widths.map((at) => `<div class="${at.narrow ? 'narrow' : 'wide'}">${svg(chart, at)}</div>`).join('\n');
}

/** An SVG element for marks of our own. */
export function svgElement(tag: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element as unknown as SVGElement;
}
