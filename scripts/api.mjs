// The API reference in build/api, from the doc comments of every entry (typedoc): the entry's header is the module's description,
// the README the front page, docs/ the pages beside it. What is public and has no comment, a link that leads nowhere, a type that is
// used and not exported: each is a warning, and fails.
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { entriesOf, filesIn } from './entries.mjs';
import { install, load } from './tools.mjs';

const version = '0.28.20';
// The latest compiler that this typedoc works with; the project's own stays as it is.
install('typedoc', version, 'typescript@6.0.3');
const { Application, Comment, CommentTag, Converter, LogLevel, ReflectionKind } = await load('typedoc', version);

const out = 'build/api';
// What two entries share is described in the first of them, and that shall not be the one without WebAssembly.
const last = (/** @type {string} */ name) => Number(name.includes('/reference'));
const sorted = entriesOf().sort((a, b) => last(a.name) - last(b.name));
const entries = new Map(sorted.map(({ name, source }) => [resolve(source), name]));
rmSync(out, { recursive: true, force: true });

/** What stands together in the navigation, in this order. */
const categories = {
  entries: 'Entries',
  reference: 'Entries without WebAssembly',
  adapters: 'Adapters',
  venues: 'Venues',
  pages: 'Pages',
};

const app = await Application.bootstrap({
  name: 'margin-kernel',
  entryPoints: [...entries.keys()],
  tsconfig: 'bindings/tsconfig.json',
  // `npm run lint` is where the project's own compiler checks the types.
  skipErrorChecking: true,
  readme: 'README.md',
  projectDocuments: filesIn('docs')
    .filter((file) => file.endsWith('.md'))
    .concat('ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'),
  disableSources: true,
  disableGit: true,
  includeVersion: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  // How the memory is laid out is docs/abi.md.
  intentionallyNotExported: [
    'bindings/engine.ts:Engine',
    'bindings/memory.ts:View',
    ...['Layout', 'Section', 'Column'].map((name) => `bindings/layout.ts:${name}`),
  ],
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true },
  requiredToBeDocumented: [
    'Enum',
    'Variable',
    'Function',
    'Class',
    'Interface',
    'TypeAlias',
    'Property',
    'Method',
    'Accessor',
    'Constructor',
  ],
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  sort: ['kind', 'source-order'],
  groupOrder: [
    ...['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases', 'References'],
    ...['Constructors', 'Methods', 'Accessors', 'Properties'],
  ],
  kindSortOrder: ['Module', 'Document', 'Function', 'Class', 'Variable', 'Interface', 'TypeAlias', 'Reference'],
  categorizeByGroup: false,
  categoryOrder: Object.values(categories),
  navigation: { includeCategories: true, includeGroups: false, includeFolders: false, excludeReferences: true },
  customCss: 'scripts/api.css',
  hideGenerator: true,
  githubPages: false,
});

app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (/** @type {any} */ { project }) => {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    const file = project.getSymbolIdFromReflection(module).fileName;
    module.name = entries.get(resolve(file));
    const [, folder = ''] = module.name.split('/');
    module.comment = inCategory(categories[/** @type {keyof typeof categories} */ (folder)], headerOf(file));
  }
  project.readme[0].text = project.readme[0].text.replace(/^# .*\n/, '');
  for (const page of project.documents) {
    page.name = /^# (.+)$/m.exec(page.content[0].text)?.[1] ?? page.name;
    page.comment = inCategory(categories.pages);
    // Its anchors know no code in headings, those of a repository's pages do.
    page.content.forEach((/** @type {any} */ part, /** @type {number} */ i) => {
      const before = page.content[i - 1]?.text ?? '';
      if (part.kind === 'code' && /^#+ .*$/m.test(before.slice(before.lastIndexOf('\n') + 1)))
        page.content[i] = { kind: 'text', text: part.text.replaceAll('`', '') };
    });
  }
});

// What an object type written in place holds is described where it is written: by the comment of its owner.
app.converter.on(Converter.EVENT_RESOLVE_END, (/** @type {any} */ { project }) => {
  const inPlace = project
    .getReflectionsByKind(ReflectionKind.SomeMember)
    .filter(
      (/** @type {any} */ member) =>
        member.parent.kindOf(ReflectionKind.TypeLiteral) && !member.hasComment() && !ofParameter(member),
    );
  app.options.setValue('intentionallyNotDocumented', [
    ...new Set(inPlace.map((/** @type {any} */ member) => member.getFriendlyFullName())),
  ]);
});

const warnings = [];
const { log } = app.logger;
app.logger.log = (/** @type {string} */ message, /** @type {number} */ level) => {
  if (level >= LogLevel.Warn) warnings.push(message);
  log.call(app.logger, message, level);
};
const project = await app.convert();
// Entries in their order: by the order of their files the default entry would stand between the others.
const places = [...entries.values()];
for (const { children } of project.categories)
  children.sort((/** @type {any} */ a, /** @type {any} */ b) => places.indexOf(a.name) - places.indexOf(b.name));
app.validate(project);
await app.generateDocs(project, out);

console.log(`${entries.size} passed, ${warnings.length} failed`);
if (warnings.length > 0) process.exitCode = 1;

/** A comment of a module or page. @param {string} [category] @param {string} [text] */
function inCategory(category = categories.entries, text = '') {
  return new Comment([{ kind: 'text', text }], [new CommentTag('@category', [{ kind: 'text', text: category }])]);
}

/** Whether a reflection stands in the type of a parameter. @param {any} reflection @returns {boolean} */
function ofParameter({ parent }) {
  return parent ? parent.kindOf(ReflectionKind.Parameter) || ofParameter(parent) : false;
}

/** The line comments that a source opens with, as one text. @param {string} file */
function headerOf(file) {
  const [header = ''] = /^(?:\/\/.*\n)+/.exec(readFileSync(file, 'utf8')) ?? [];
  return header.replace(/^\/\/ ?/gm, '').trim();
}
