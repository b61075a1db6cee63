// Imported before uPlot, which asks Intl for the browser's language when it is loaded: in the POSIX locale WebKitGTK says "C", which
// Intl refuses. This page writes its numbers in English in any case.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
