// Value at risk: how much may be lost by tomorrow, which days do it, and what each holding adds. Scenarios are simulated here, or
// days of a table that somebody pastes.
import type { App, View } from '../app.ts';
import { byId, choice, figure, fill, h, svg, table } from '../dom.ts';
import { amount, compact, money, percent, signed } from '../format.ts';
import { refusalText } from '../refusal.ts';
import { CORRELATION, dailyOf, PATHS, TAIL } from '../scenarios.ts';
import { CONFIDENCES, HORIZONS, type RiskQuestion, SOURCES } from '../state.ts';

const SOURCE_WORDS = {
  simulated: 'Simulated days',
  historical: 'Pasted closes, as they were',
  filtered: 'Pasted closes, at today’s volatility',
};
const CONFIDENCE_WORDS = { '0.95': '95 %', '0.975': '97.5 %', '0.99': '99 %' };
const BARS = 40;
const PARTS = 8;
const DAYS = 5;

export class RiskView implements View {
  readonly #tools = byId('risk-tools');
  readonly #answer = byId('risk');
  readonly #source = byId('risk-source');
  readonly #closes = byId<HTMLTextAreaElement>('closes');
  readonly #closesBox = byId<HTMLDetailsElement>('closes-box');
  readonly #problem = byId('closes-problem');
  #app: App | null = null;

  constructor() {
    this.#closes.addEventListener('input', () => {
      const app = this.#app;
      if (!app) return;
      const source = app.state.risk.source === 'simulated' ? 'historical' : app.state.risk.source;
      this.#ask(app, { closes: this.#closes.value, source });
    });
  }

  update(app: App, structure: boolean): void {
    this.#app = app;
    const { risk: question } = app.state;
    if (structure || this.#tools.childElementCount === 0) this.#showTools(app);
    if (document.activeElement !== this.#closes) this.#closes.value = question.closes;
    this.#answer.setAttribute('aria-busy', String(app.pending));
    this.#source.textContent = sourceText(app, question);
    const { risk, riskProblem } = app.ahead;
    const missing = question.source !== 'simulated' && question.closes.trim() === '';
    this.#closesBox.open ||= question.source !== 'simulated';
    this.#problem.textContent = missing
      ? 'Paste a table of daily closes: Date;BTC-USD;ETH-USD, then a line a day.'
      : riskProblem
        ? refusalText(riskProblem)
        : '';
    this.#closes.setAttribute('aria-invalid', String(riskProblem !== null && !missing));
    if (!app.fresh) return;
    if (!risk) {
      const why =
        app.opened.drivers.length === 0
          ? 'Nothing here has a price that moves.'
          : 'No scenarios yet: see the table of closes below.';
      fill(this.#answer, h('p', { class: 'empty' }, why));
      return;
    }
    const { equity } = app.now.margin;
    const share = (loss: number): string => (equity > 0 ? `${percent(loss / equity)} of equity` : 'no equity');
    const parts = [...risk.components].sort((a, b) => b.component - a.component).slice(0, PARTS);
    fill(
      this.#answer,
      h(
        'dl',
        { class: 'tiles small' },
        h(
          'div',
          { class: 'tile' },
          h('dt', {}, 'Value at risk'),
          h('dd', {}, figure('risk.var', risk.var, money(risk.var)), h('small', {}, share(risk.var))),
        ),
        h(
          'div',
          { class: 'tile' },
          h('dt', {}, 'Expected shortfall'),
          h('dd', {}, figure('risk.es', risk.es, money(risk.es)), h('small', {}, share(risk.es))),
        ),
      ),
      risk.thin && h('p', { class: 'note' }, 'The tail has less than one scenario: both are the worst of all.'),
      risk.profits ? histogram(risk.profits, risk.var) : null,
      h(
        'div',
        { class: 'pair' },
        table(
          'What each holding adds to the expected shortfall',
          ['Holding', 'Size', 'Part'],
          parts.map(({ market, asset, size, component }, i) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, market ?? asset ?? ''),
              h('td', {}, amount(size)),
              h('td', { class: component > 0 ? 'loss' : 'gain' }, figure(`part.${i}`, component, money(component))),
            ),
          ),
          'numbers',
        ),
        table(
          'The worst scenarios',
          ['Scenario', 'Loss'],
          risk.tail
            .slice(0, DAYS)
            .map(({ scenario, label, loss }) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, label ?? `path ${scenario}`),
                h('td', { class: 'loss' }, money(loss)),
              ),
            ),
          'numbers',
        ),
      ),
    );
  }

  #ask(app: App, change: Partial<RiskQuestion>): void {
    app.change({ ...app.state, risk: { ...app.state.risk, ...change } }, 'risk', false);
  }

  #showTools(app: App): void {
    const { risk } = app.state;
    const source = choice(
      { id: 'source', onchange: () => this.#ask(app, { source: source.value as RiskQuestion['source'] }) },
      SOURCES.map((s) => [s, SOURCE_WORDS[s]]),
      risk.source,
    );
    const confidence = choice(
      {
        id: 'confidence',
        onchange: () => this.#ask(app, { confidence: confidence.value as RiskQuestion['confidence'] }),
      },
      CONFIDENCES.map((c) => [c, CONFIDENCE_WORDS[c]]),
      risk.confidence,
    );
    const horizon = choice(
      { id: 'horizon', onchange: () => this.#ask(app, { horizon: Number(horizon.value) as RiskQuestion['horizon'] }) },
      HORIZONS.map((d) => [String(d), d === 1 ? '1 day' : `${d} days`]),
      String(risk.horizon),
    );
    fill(
      this.#tools,
      h('label', {}, 'From ', source),
      h('label', {}, 'over ', horizon),
      h('label', {}, 'at ', confidence),
    );
  }
}

function sourceText(app: App, { source }: RiskQuestion): string {
  if (source !== 'simulated') return 'Each scenario is a day of the table; volatilities of options stay.';
  const vols = app.opened.drivers.slice(0, 6).map(({ id }) => `${id} ${percent(dailyOf(id), 0)}`);
  return `${PATHS.toLocaleString('en')} days of Student’s t (${TAIL} degrees of freedom), made up: daily volatility ${vols.join(', ')}, correlation ${CORRELATION}. Volatilities of options stay.`;
}

/** Profits of all scenarios by size; the ones beyond the value at risk stand out. */
function histogram(profits: Float64Array, v: number): HTMLElement {
  const sorted = profits.slice().sort();
  const at = (share: number): number => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
  // The last thousandth is folded into the outer bars: a single day would flatten all others.
  const [low, high] = [Math.min(at(0.001), -v * 1.2), at(0.999)];
  const step = (high - low) / BARS || 1;
  const counts = new Array<number>(BARS).fill(0);
  for (const x of profits) {
    const bar = Math.min(Math.max(Math.floor((x - low) / step), 0), BARS - 1);
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  const bars = counts.map((n, i) => {
    const height = (60 * n) / most;
    const beyond = low + (i + 0.5) * step < -v;
    return svg('rect', { class: beyond ? 'beyond' : 'within', x: i * 2.5 + 0.2, y: 60 - height, width: 2.1, height });
  });
  const line = (100 * (-v - low)) / (high - low || 1);
  const told = `Profits of the scenarios, ${signed(low)} to ${signed(high)}; value at risk ${money(v)}`;
  return h(
    'figure',
    { class: 'histogram' },
    svg(
      'svg',
      { viewBox: '0 0 100 62', preserveAspectRatio: 'none', role: 'img', 'aria-label': told },
      ...bars,
      svg('rect', { class: 'line', x: line - 0.15, y: 0, width: 0.3, height: 60 }),
      svg('rect', { class: 'axis', x: 0, y: 60, width: 100, height: 0.5 }),
    ),
    h('figcaption', {}, h('span', {}, compact(low)), h('span', {}, 'profit by scenario'), h('span', {}, compact(high))),
  );
}
