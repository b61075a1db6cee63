// How the library is split. Its entries share chunks, so a class reached through two of them is one class. But a file costs Node most
// of a millisecond to load, whatever is in it: so the default entry is one chunk, `core`, and one of what entries without a book
// need of it, `base`.

/** A plugin that watches the graph, and the groups that follow from it. @param {{ entry: string, book: string, entries: string[] }} files - by full path */
export function chunksOf({ entry, book, entries }) {
  /** What each file imports. @type {Map<string, readonly string[]>} */
  const imports = new Map();
  /** @type {Map<string, 'core' | 'base'>} */
  const chunks = new Map();

  /** A file and all that it needs. @param {string} file @param {Set<string>} [seen] */
  const closureOf = (file, seen = new Set()) => {
    if (seen.has(file)) return seen;
    seen.add(file);
    for (const imported of imports.get(file) ?? []) closureOf(imported, seen);
    return seen;
  };

  return {
    plugin: {
      name: 'chunks',
      moduleParsed(/** @type {{ id: string, importedIds: readonly string[] }} */ { id, importedIds }) {
        imports.set(id, importedIds);
      },
      buildEnd() {
        const core = closureOf(entry);
        for (const file of core) chunks.set(file, 'core');
        for (const closure of entries.map((other) => closureOf(other)))
          if (!closure.has(book)) for (const file of closure) if (core.has(file)) chunks.set(file, 'base');
        chunks.delete(entry);
      },
    },
    groups: [{ name: (/** @type {string} */ file) => chunks.get(file) ?? null, debugName: 'chunks' }],
    /** All files that went in. */
    inputs: () => [...imports.keys()],
  };
}
