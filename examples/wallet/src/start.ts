// Puts the page together: the state out of the link, the views, the bar above them.

import { App } from './app.ts';
import { byId, fill, h } from './dom.ts';
import type { Engines } from './engine.ts';
import { START, type State } from './state.ts';
import { themeButton } from './theme.ts';
import { hashOf, LinkError, stateOfHash } from './url.ts';
import { AdlView } from './view/adl.ts';
import { Bar } from './view/bar.ts';
import { CurveView } from './view/curve.ts';
import { EditorView } from './view/editor.ts';
import { EngineView } from './view/engine.ts';
import { ExitsView } from './view/exits.ts';
import { HeadlineView } from './view/headline.ts';
import { HealthView } from './view/health.ts';
import { HeatmapView } from './view/heatmap.ts';
import { JsonView } from './view/json.ts';
import { Link } from './view/link.ts';
import { clearNotice, notice } from './view/notice.ts';
import { PricesView } from './view/prices.ts';
import { RiskView } from './view/risk.ts';
import { RoomView } from './view/room.ts';
import { tabs } from './view/tabs.ts';

/** The state of the link, or the first page and why the link is not shown. */
async function stateOfLink(): Promise<State> {
  try {
    return (await stateOfHash(location.hash)) ?? START;
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    tellLink(error);
    return START;
  }
}

function tellLink({ message, why }: LinkError): void {
  const mend =
    why === 'version'
      ? 'Open it with the page that made it'
      : 'Ask for it again, whole: links are cut off where they wrap';
  notice(`This link could not be read. ${message}`, `${mend}. The example is shown instead.`);
}

export async function start(engines: Engines): Promise<void> {
  themeButton(byId('theme'));
  tabs(byId('tabs'));
  const app = new App(engines, await stateOfLink());
  app.add(
    new HeadlineView(),
    new PricesView(),
    new HealthView(),
    new EditorView(),
    new JsonView(),
    new ExitsView(),
    new RoomView(),
    new HeatmapView(),
    new CurveView(),
    new RiskView(),
    new AdlView(),
    new EngineView(),
    new Bar(app),
  );
  const link = new Link(app);
  window.addEventListener('hashchange', async () => {
    if (link.isOwn(location.hash)) return;
    clearNotice();
    const next = await stateOfLink();
    link.forget();
    app.change(next);
  });
  otherPage(app);
  // Charts have a width only where they are seen.
  byId('page').hidden = false;
  byId('loading').remove();
  app.refresh();
  document.documentElement.dataset.ready = 'yes';
}

/** The way to the other page, with what is shown. */
function otherPage(app: App): void {
  const here = document.documentElement.dataset.page;
  const [page, words] =
    here === 'reference'
      ? ['index.html', 'The page with both engines.']
      : ['reference.html', 'The same page without WebAssembly, whose policy allows no unsafe-eval of any kind.'];
  const link = h('a', { href: page }, words);
  // Known before it is followed, however that is done.
  app.onSettled(async ({ state }) => {
    link.href = `${page}#${await hashOf(state)}`;
  });
  fill(byId('other-page'), link);
}
