// The kernel's modules: what asc makes each of, and the target of asconfig.json that says how. Margin and liquidation; options and
// scenarios; tails and simulation; the watch, with its own copy of the margin fold.
export const modules = [
  { name: 'margin', entry: 'assembly/index.ts', target: 'release' },
  { name: 'risk', entry: 'assembly/risk.ts', target: 'risk' },
  { name: 'var', entry: 'assembly/var.ts', target: 'var' },
  { name: 'watch', entry: 'assembly/watch.ts', target: 'watch' },
];
