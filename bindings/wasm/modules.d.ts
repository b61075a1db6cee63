// The kernel's modules, compiled, and how they are instantiated: `#wasm/*` is an import of package.json that stands for another file on every kind of runtime.
// scripts/wasm-files.mjs writes them: docs/runtimes.md says which runtime takes which.
declare module '#wasm/instantiate' {
  export function instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Exports;
}
declare module '#wasm/margin' {
  export function load(): WebAssembly.Module;
}
declare module '#wasm/risk' {
  export function load(): WebAssembly.Module;
}
declare module '#wasm/var' {
  export function load(): WebAssembly.Module;
}
declare module '#wasm/watch' {
  export function load(): WebAssembly.Module;
}
