// Light, dark, or as the system has it. It is the reader's, not the link's: kept in the browser, where it may be kept.
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const WORDS: Readonly<Record<Theme, string>> = { auto: 'System', light: 'Light', dark: 'Dark' };
const KEY = 'theme';

function stored(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.includes(kept as Theme) ? (kept as Theme) : 'auto';
  } catch {
    return 'auto';
  }
}

/** Makes a button go round the themes. Whoever paints a canvas hears `themechange` of the window. */
export function themeButton(button: HTMLButtonElement): void {
  let theme = stored();
  const apply = (): void => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = WORDS[theme];
    button.setAttribute('aria-label', `Theme: ${WORDS[theme].toLowerCase()}`);
    window.dispatchEvent(new Event('themechange'));
  };
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // A browser that keeps nothing shows the theme until it is closed.
    }
    apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  apply();
}
