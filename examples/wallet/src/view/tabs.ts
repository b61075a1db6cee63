// Tabs as the ARIA practices have them: one stop of the tab key, arrows go between them.
export function tabs(list: HTMLElement): void {
  const all = [...list.querySelectorAll<HTMLButtonElement>('[role=tab]')];
  const panelOf = (tab: HTMLElement): HTMLElement | null =>
    document.getElementById(tab.getAttribute('aria-controls') ?? '');
  const select = (chosen: HTMLButtonElement): void => {
    for (const tab of all) {
      const on = tab === chosen;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = panelOf(tab);
      if (panel) panel.hidden = !on;
    }
  };
  list.addEventListener('click', (event) => {
    const tab = (event.target as HTMLElement).closest<HTMLButtonElement>('[role=tab]');
    if (tab) select(tab);
  });
  list.addEventListener('keydown', (event) => {
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || step === undefined) return;
    const next = all[(at + step + all.length) % all.length] as HTMLButtonElement;
    event.preventDefault();
    select(next);
    next.focus();
  });
  select(all[0] as HTMLButtonElement);
}
