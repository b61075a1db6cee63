// The wallet's code: one book with the markets of a venue and the pasted account. A slider sets a price, an edit makes
// the book anew.
import { Book, explain, explainText, MarginError } from '../../dist/index.js';

/** @type {import('../../dist/index.js').AssetJSON[]} */
const ASSETS = [
  { id: 'USDT', price: 1 },
  { id: 'BTC', price: 60_000, assetWeight: { initial: 0.92, maintenance: 0.95 }, liabilityWeight: 1.05 },
];
/** @type {import('../../dist/index.js').Bracket[]} */
const BRACKETS = [
  { upTo: 50_000, maintenanceRate: 0.004, maxLeverage: 125 },
  { upTo: 250_000, maintenanceRate: 0.005, maxLeverage: 100 },
  { upTo: null, maintenanceRate: 0.01, maxLeverage: 50 },
];
/** @type {import('../../dist/index.js').MarketJSON[]} */
const MARKETS = [
  { id: 'BTC-PERP', kind: 'linear', base: 'BTC', settle: 'USDT', mark: 60_000, brackets: BRACKETS },
  { id: 'ETH-PERP', kind: 'linear', settle: 'USDT', mark: 3000, brackets: BRACKETS },
];
const EXAMPLE = `{
  "id": "me",
  "balances": { "USDT": "4000.50", "BTC": 0.05 },
  "positions": [
    { "market": "BTC-PERP", "size": 1.5, "entry": 61000 },
    { "market": "ETH-PERP", "size": -10, "entry": 2950 }
  ],
  "buckets": [
    {
      "bucket": 1,
      "balances": { "USDT": 900 },
      "positions": [{ "market": "BTC-PERP", "size": 0.3, "entry": 60500 }]
    }
  ]
}`;
/** How far a slider reaches from where it starts. */
const REACH = 0.3;

/** @param {string} id @returns {HTMLElement} */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const editor = /** @type {HTMLTextAreaElement} */ (byId('account'));
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const marks = new Map(MARKETS.map(({ id, mark }) => [id, Number(mark)]));

/** @type {Book | undefined} */
let book;

/** @param {string} tag @param {string} text @param {string} [className] */
function element(tag, text, className = '') {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = className;
  return node;
}

/** @param {Book} target @param {string} market @param {number} mark */
function setMark(target, market, mark) {
  target.setMark(market, mark);
  if (market === 'BTC-PERP') target.setPrice('BTC', mark);
}

/** Reads the account into a new book; what the book refuses is shown where it was typed. */
function load() {
  try {
    const fresh = Book.create({ numeraire: 'USD' });
    for (const asset of ASSETS) fresh.addAsset(asset);
    for (const market of MARKETS) fresh.addMarket(market);
    for (const [id, mark] of marks) setMark(fresh, id, mark);
    fresh.addAccount(JSON.parse(editor.value));
    book = fresh;
    byId('problem').textContent = '';
  } catch (error) {
    if (!(error instanceof MarginError || error instanceof SyntaxError)) throw error;
    byId('problem').textContent = error.message;
  }
  byId('result').classList.toggle('stale', byId('problem').textContent !== '');
  show();
}

function show() {
  if (!book) return;
  const account = explain(book, 0);
  const status = byId('status');
  status.textContent = account.status;
  status.className = account.status;
  byId('summary').textContent =
    `equity ${money.format(account.equity)}, notional ${money.format(account.notional)} USD`;
  byId('units').replaceChildren(...account.units.map(unitOf));
  byId('explanation').textContent = explainText(account);
}

/**
 * A margin unit: its name, how much of its collateral maintenance uses, and what is left.
 * @param {import('../../dist/index.js').UnitExplanation} unit
 */
function unitOf({ bucket, status, marginRatio, health }) {
  const used = marginRatio === null ? 'no collateral left' : `${(100 * marginRatio).toFixed(1)} % of collateral used`;
  const line = document.createElement('p');
  const name = bucket === 0 ? 'Cross' : `Isolated ${bucket}`;
  line.append(element('span', `${name}: ${status}`, status), element('span', used));
  const meter = document.createElement('meter');
  Object.assign(meter, { min: 0, low: 0.5, high: 0.9, optimum: 0, max: 1, value: marginRatio ?? 1 });
  meter.setAttribute('aria-label', `${name}, ${used}`);
  const unit = element('div', '', 'unit');
  const short = health.maintenance < 0;
  const left = `${money.format(Math.abs(health.maintenance))} ${short ? 'short of' : 'above'} maintenance`;
  unit.append(line, meter, element('p', left));
  return unit;
}

for (const [id, start] of marks) {
  const label = document.createElement('label');
  const value = element('output', money.format(start));
  const slider = document.createElement('input');
  Object.assign(slider, {
    type: 'range',
    min: start * (1 - REACH),
    max: start * (1 + REACH),
    step: start / 1000,
    value: start,
  });
  slider.addEventListener('input', () => {
    marks.set(id, slider.valueAsNumber);
    value.textContent = money.format(slider.valueAsNumber);
    if (book) setMark(book, id, slider.valueAsNumber);
    show();
  });
  label.append(element('span', id), value, slider);
  byId('prices').append(label);
}
editor.value = EXAMPLE;
editor.addEventListener('input', load);
load();
