// Curves over a price (uPlot): colours of the page's theme, marks at prices, bands behind, and a handle to drag the price by.
import '../locale.ts';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h, svg } from '../dom.ts';
import { compact, price as priceText } from '../format.ts';

export interface Series {
  label: string;
  /** Custom property of the colour: `--gain`. */
  colour: string;
  dash?: number[];
  width?: number;
  values: Float64Array;
}

/** A price on the axis, or a part of it. */
export interface Mark {
  at: number;
  label: string;
  colour: string;
}

export interface Band {
  from: number;
  to: number;
  colour: string;
}

export interface ChartData {
  x: Float64Array;
  series: Series[];
  marks: Mark[];
  bands: Band[];
  /** What a screen reader is told in place of the picture. */
  told: string;
}

const FONT = '12px system-ui, sans-serif';
const HEIGHT = 300;
/** A finger that has moved so far across means the price. */
const SLIP = 10;

/** Whether the reader's system chooses the colours. Few are left then, so lines are told apart by their dashes. */
const forced = matchMedia('(forced-colors: active)');
const DASHES: readonly number[][] = [[], [2, 3], [6, 4], [10, 3, 2, 3]];
const dashOf = ({ dash = [] }: Series, i: number): number[] => (forced.matches ? (DASHES[i] ?? dash) : dash);

/** A colour of the theme as the browser resolves it: canvases know no custom properties. */
function resolver(): (name: string) => string {
  const probe = h('span', { hidden: true });
  probe.style.setProperty('forced-color-adjust', 'none');
  document.body.append(probe);
  return (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
}
let colourOf: ((name: string) => string) | undefined;
const colour = (name: string): string => {
  colourOf ??= resolver();
  return colourOf(name);
};

export class Chart {
  readonly element: HTMLElement;
  readonly #picture: HTMLElement;
  readonly #keys: HTMLElement;
  readonly #readout: HTMLElement;
  readonly #drag: ((x: number) => void) | undefined;
  #plot: uPlot | null = null;
  #shape = '';
  #data: ChartData | null = null;
  #dragging = false;

  /** @param drag - told the x under a pointer that is held down */
  constructor(drag?: (x: number) => void) {
    this.#drag = drag;
    this.#picture = h('div', { class: drag ? 'picture grab' : 'picture', role: 'img' });
    this.#keys = h('div', { class: 'keys', 'aria-hidden': 'true' });
    this.#readout = h('div', { class: 'readout', 'aria-hidden': 'true' });
    this.element = h('div', { class: 'chart' }, this.#keys, this.#picture, this.#readout);
    new ResizeObserver(() => this.#resize()).observe(this.#picture);
    window.addEventListener('themechange', () => this.#rebuild());
    forced.addEventListener('change', () => this.#rebuild());
  }

  show(data: ChartData): void {
    this.#data = data;
    this.#picture.setAttribute('aria-label', data.told);
    const shape = data.series.map(({ label, colour }) => `${label} ${colour}`).join('|');
    if (this.#plot && shape === this.#shape) this.#plot.setData(columns(data));
    else this.#rebuild();
    this.#shape = shape;
  }

  #resize(): void {
    const width = Math.floor(this.#picture.clientWidth);
    if (width === 0) return;
    if (this.#plot) this.#plot.setSize({ width, height: HEIGHT });
    else this.#rebuild();
  }

  #rebuild(): void {
    const data = this.#data;
    const width = Math.floor(this.#picture.clientWidth);
    if (!data || width === 0) return;
    this.#plot?.destroy();
    this.#keys.replaceChildren(
      ...data.series.map((series, i) => {
        const line = svg('line', { x1: 0, x2: 28, y1: 2, y2: 2, 'stroke-dasharray': dashOf(series, i).join(' ') });
        const key = svg('svg', { viewBox: '0 0 28 4' }, line);
        key.style.color = `var(${series.colour})`;
        return h('span', {}, key, series.label);
      }),
    );
    const axis = {
      stroke: colour('--soft'),
      font: FONT,
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { show: true }, y: false },
        scales: { x: { time: false } },
        axes: [
          { ...axis, space: 70, size: 28, values: (_, ticks) => ticks.map((x) => axisText(x)) },
          { ...axis, size: 56, values: (_, ticks) => ticks.map((y) => compact(y).replace('+', '')) },
        ],
        series: [
          {},
          ...data.series.map((series, i) => ({
            label: series.label,
            stroke: colour(series.colour),
            width: series.width ?? 2,
            dash: dashOf(series, i),
            points: { show: false },
          })),
        ],
        hooks: {
          drawClear: [(u) => this.#bands(u)],
          draw: [(u) => this.#marks(u)],
          setCursor: [(u) => this.#read(u)],
          ready: [(u) => this.#grab(u)],
        },
      },
      columns(data),
      this.#picture,
    );
  }

  #bands(u: uPlot): void {
    for (const { from, to, colour: name } of this.#data?.bands ?? []) {
      const [left, right] = [
        u.valToPos(Math.max(from, u.scales.x?.min ?? from), 'x', true),
        u.valToPos(Math.min(to, u.scales.x?.max ?? to), 'x', true),
      ];
      if (right <= left) continue;
      u.ctx.save();
      u.ctx.globalAlpha = 0.14;
      u.ctx.fillStyle = colour(name);
      u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
      u.ctx.restore();
    }
    const zero = u.valToPos(0, 'y', true);
    if (zero <= u.bbox.top || zero >= u.bbox.top + u.bbox.height) return;
    u.ctx.fillStyle = colour('--soft');
    u.ctx.fillRect(u.bbox.left, zero, u.bbox.width, devicePixelRatio);
  }

  #marks(u: uPlot): void {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    const marks = [...(this.#data?.marks ?? [])]
      .map((mark) => ({ ...mark, x: u.valToPos(mark.at, 'x', true) }))
      .filter(({ x }) => x >= bbox.left && x <= bbox.left + bbox.width)
      .sort((a, b) => a.at - b.at);
    // All lines before all labels, so that none runs through a label.
    for (const { x, colour: name } of marks) {
      ctx.fillStyle = colour(name);
      ctx.fillRect(x - ratio, bbox.top, 2 * ratio, bbox.height);
    }
    let [ends, row] = [Number.NEGATIVE_INFINITY, 0];
    for (const { x, label, colour: name } of marks) {
      ctx.save();
      ctx.textAlign = 'left';
      ctx.textBaseline = 'alphabetic';
      ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
      const wide = ctx.measureText(label).width;
      const left = x + 6 * ratio + wide > bbox.left + bbox.width ? x - 6 * ratio - wide : x + 6 * ratio;
      row = left < ends ? row + 1 : 0;
      ends = Math.max(ends, left + wide + 8 * ratio);
      const y = bbox.top + (14 + 16 * row) * ratio;
      ctx.fillStyle = colour('--card');
      ctx.globalAlpha = 0.9;
      ctx.fillRect(left - 2 * ratio, y - 12 * ratio, wide + 4 * ratio, 16 * ratio);
      ctx.globalAlpha = 1;
      ctx.fillStyle = colour(name);
      ctx.fillText(label, left, y);
      ctx.restore();
    }
  }

  #read(u: uPlot): void {
    const i = u.cursor.idx;
    const data = this.#data;
    if (i === null || i === undefined || !data) {
      this.#readout.textContent = '';
      return;
    }
    const parts = data.series.map(({ label, values }) => `${label} ${compact(values[i] ?? 0).replace('+', '')}`);
    this.#readout.textContent = `at ${priceText(data.x[i] ?? 0)}: ${parts.join(' · ')}`;
  }

  #grab(u: uPlot): void {
    const drag = this.#drag;
    if (!drag) return;
    const move = (event: PointerEvent): void => {
      const { left, width } = u.over.getBoundingClientRect();
      drag(u.posToVal(Math.min(Math.max(event.clientX - left, 0), width), 'x'));
    };
    let from: number | null = null;
    u.over.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      from = event.clientX;
      u.over.setPointerCapture(event.pointerId);
      // A finger may be about to scroll the page.
      this.#dragging = event.pointerType !== 'touch';
      if (this.#dragging) move(event);
    });
    u.over.addEventListener('pointermove', (event) => {
      if (from !== null && Math.abs(event.clientX - from) > SLIP) this.#dragging = true;
      if (this.#dragging) move(event);
    });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      u.over.addEventListener(end, () => {
        this.#dragging = false;
        from = null;
      });
    }
  }
}

/** A price on the axis: without zeros that say nothing. */
const axisText = (x: number): string => priceText(x).replace(/\.0+$|(\.\d*?[1-9])0+$/, '$1');

const columns = ({ x, series }: ChartData): uPlot.AlignedData =>
  [x, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData;
