// Types of the raw files, `margin-kernel/margin.wasm` and its like, as those runtimes see them that import wasm as a compiled module.
declare const module: WebAssembly.Module;
export default module;
