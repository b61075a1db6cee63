// For Node, Deno and Bun: prints the answer. `reference` as an argument runs without the kernel.
const { answer } = await (process.argv.includes('reference') ? import('./reference.js') : import('./kernel.js'));
console.log(JSON.stringify(await answer()));
