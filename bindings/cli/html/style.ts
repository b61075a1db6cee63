// The page's style sheet: light and dark by the reader's own setting, one column on a telephone, nothing fetched.
// The four status colours are told apart by readers with any kind of colour vision (after Okabe and Ito).
export const style: string = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #16202b; --soft: #5b6875; --line: #dde3e9;
  --healthy: #2f6fb5; --warning: #d99a00; --liquidatable: #d4510b; --bankrupt: #8e1f63;
  --long: #1f8a8a; --short: #b65a8c; --edge: #16202b38;
  --gain: #3b86d1; --loss: #e2702b; --ring: #16202b;
  --fall: #c8372b; --rise: #2a6db0;
  --layer-0: #0f6cb0; --layer-1: #e08a00; --layer-2: #1b9a77; --layer-3: #c6568f; --layer-4: #4fb0d9;
  --layer-5: #8a63c9; --layer-6: #a5682a; --layer-7: #6f8f1f; --layer-rest: #98a3ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f151b; --card: #182029; --ink: #e6ebf0; --soft: #9aa7b4; --line: #2b3743;
    --healthy: #5fa8e6; --warning: #f0c14b; --liquidatable: #ff8748; --bankrupt: #ee7cbd;
    --long: #4cc2bd; --short: #e08fb8; --edge: #000000a0;
    --gain: #2f7dc9; --loss: #cf5a22; --ring: #ffffff;
    --fall: #f4735d; --rise: #5aa6ee;
    --layer-0: #4a9be0; --layer-1: #f0ad3c; --layer-2: #3fc39c; --layer-3: #e58bb8; --layer-4: #8fd3ee;
    --layer-5: #b294e6; --layer-6: #cf9a62; --layer-7: #a8c45a; --layer-rest: #6d7a87;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 2rem clamp(0.75rem, 4vw, 2.5rem) 3rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 1160px; margin: 0 auto; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
h1 { overflow-wrap: anywhere; font-size: 1.55rem; line-height: 1.2; margin: 0 0 0.25rem; letter-spacing: -0.01em; }
h2 { font-size: 1.05rem; margin: 0 0 0.15rem; }
p { margin: 0; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; }
.card > p.soft { max-width: 75ch; margin-bottom: 0.6rem; font-size: 0.92rem; }
.tiles { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.8rem 1rem; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tile small { display: block; color: var(--soft); font-size: 0.85rem; }
.tile.finding b { color: var(--liquidatable); }
.multiples { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); }
.stack { display: flex; height: 14px; border-radius: 7px; overflow: hidden; gap: 2px; margin: 0.5rem 0 0.7rem; }
.stack i { display: block; min-width: 3px; }
ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; font-size: 0.92rem; }
ul.legend i { display: inline-block; width: 0.75em; height: 0.75em; border-radius: 50%; margin-right: 0.45em; }
ul.ramp i { border-radius: 0; width: 1.1em; margin-right: 0; }
ul.ramp i + span { margin-left: 0.45em; }
ul.legend span { font-variant-numeric: tabular-nums; }
.healthy { --c: var(--healthy); } .warning { --c: var(--warning); }
.liquidatable { --c: var(--liquidatable); } .bankrupt { --c: var(--bankrupt); }
.gain { --c: var(--gain); } .loss { --c: var(--loss); } .ink { --c: var(--ink); }
.fall { --c: var(--fall); } .rise { --c: var(--rise); }
.long { --c: var(--long); } .short { --c: var(--short); }
.layer-0 { --c: var(--layer-0); } .layer-1 { --c: var(--layer-1); } .layer-2 { --c: var(--layer-2); }
.layer-3 { --c: var(--layer-3); } .layer-4 { --c: var(--layer-4); } .layer-5 { --c: var(--layer-5); }
.layer-6 { --c: var(--layer-6); } .layer-7 { --c: var(--layer-7); } .layer-rest { --c: var(--layer-rest); }
.stack i, ul.legend i { background: var(--c); }
ul.legend i.mark { background: none; border: 1.5px solid var(--ink); width: 0.6em; height: 0.6em; }
ul.legend i.mark.full { background: var(--ink); }
ul.legend i.mark.ring { border: 2.5px solid var(--ring); width: 1em; height: 1em; vertical-align: -0.12em; }
.wrap { display: inline-block; white-space: normal; min-width: 15ch; max-width: 34ch; }
svg.plot { display: block; width: 100%; height: auto; overflow: visible; color: var(--ink); --plot-background: var(--card); }
svg.plot text { white-space: pre; }
svg .dots { stroke: var(--c); stroke-width: 4; stroke-opacity: 0.75; }
svg .dots.healthy { stroke-width: 3; stroke-opacity: 0.35; }
svg .dots.bankrupt { stroke-width: 5; }
svg .dots.few { stroke-width: 7; stroke-opacity: 0.75; }
.narrow { display: none; }
@media (max-width: 640px) {
  body { padding-top: 1.1rem; }
  .card { padding: 0.9rem 0.85rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 0.5rem; }
  .tile { padding: 0.6rem 0.75rem; } .tile b { font-size: 1.2rem; }
  .wide { display: none; } .narrow { display: block; }
}
.scroll {
  overflow-x: auto; background:
    linear-gradient(to right, var(--card) 30%, transparent) 0 0 / 40px 100% no-repeat local,
    linear-gradient(to left, var(--card) 30%, transparent) 100% 0 / 40px 100% no-repeat local,
    linear-gradient(to right, var(--edge), transparent) 0 0 / 14px 100% no-repeat scroll,
    linear-gradient(to left, var(--edge), transparent) 100% 0 / 14px 100% no-repeat scroll;
}
.scroll + p { margin-top: 0.6rem; }
.scroll:focus-visible { outline: 2px solid var(--healthy); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 0.35rem 0.6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; color: var(--soft); }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
th.left, td.left { text-align: left; }
tbody tr:last-child td { border-bottom: 0; }
.badge { color: var(--c); font-weight: 600; } .badge.plain { color: inherit; }
.badge::before { content: ""; display: inline-block; width: 0.6em; height: 0.6em; border-radius: 50%; background: var(--c); margin-right: 0.4em; }
details { margin-top: 0.6rem; } summary { cursor: pointer; color: var(--soft); font-size: 0.92rem; }
summary:hover { color: var(--ink); } details > *:not(summary) { margin-top: 0.5rem; }
footer { font-size: 0.88rem; color: var(--soft); display: grid; gap: 0.35rem; overflow-wrap: anywhere; }
@media print { .scroll { overflow: visible; background: none; } body { background: none; padding: 0; } .card, .tile { break-inside: avoid; } }
`;
