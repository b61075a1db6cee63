// AssemblyScript's loader changes Object and makes a decoder of texts as soon as it is loaded. No export of the kernel has texts, and
// what loads it may run where neither can be done: the reference, which shares a chunk with it, has to run anywhere.

export const quietLoader = {
  name: 'quiet-loader',
  transform(/** @type {string} */ code, /** @type {string} */ id) {
    if (!id.includes('@assemblyscript/loader')) return null;
    const quiet = code
      .replace(/^const utf16 = (new TextDecoder\([^;]*\));.*$/m, 'const utf16 = { decode: (text) => $1.decode(text) };')
      .replace(/^Object\.hasOwn = Object\.hasOwn \|\|[\s\S]*?\n\};?$/m, '');
    if (quiet.includes('Object.hasOwn =') || !quiet.includes('utf16 = {'))
      throw new Error('the loader is another one than quiet-loader.mjs knows');
    return { code: quiet, map: null };
  },
};
