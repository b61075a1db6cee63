// Where as-pect finds the kernel's specs and how it starts them; the compiler's flags are in as-pect.asconfig.json.
// scripts/specs.mjs (`npm run test:kernel`) runs it, names the files in SPECS, and fails when there are none.
export default {
  entries: process.env.SPECS?.split('\n') ?? ['assembly/__tests__/**/*.spec.ts'],
  include: [],
  disclude: [/node_modules/],
  outputBinary: false,
  async instantiate(memory, createImports, instantiate, binary) {
    // Scenario models are another module; a spec writes what they would into the book itself.
    const model = { requirement() {}, valueOption() {}, repriceMarket() {}, repriceAsset() {} };
    return instantiate(binary, createImports({ env: { memory }, model }));
  },
};
