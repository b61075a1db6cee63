// Instances without the loader, for runtimes that refuse code which could compile bytes, as the loader's can.

export const instantiate = (module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Exports =>
  new WebAssembly.Instance(module, imports).exports;
