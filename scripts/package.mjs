// Packs the package and looks at the tarball as a registry and its users would: publint, are-the-types-wrong, what is in it, and bills
// of material in build/. Exits 1 where one of them complains.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const folder = 'build/pack';
mkdirSync(folder, { recursive: true });
const [packed] = JSON.parse(npm('pack', '--ignore-scripts', '--json', '--pack-destination', folder));
const tarball = `${folder}/${packed.filename}`;
console.log(
  `${packed.filename}: ${packed.size} bytes, ${packed.files.length} files, ${packed.unpackedSize} bytes unpacked`,
);

const { messages, pkg } = await publint({ pkgDir: '.', pack: 'npm', strict: true });
for (const message of messages) console.log(`publint: ${formatMessage(message, pkg)}`);
if (messages.length === 0) console.log('publint: nothing to mend');

const attw = spawnSync('npx', ['attw', tarball, '--profile', 'esm-only', '--format', 'table-flipped'], {
  encoding: 'utf8',
  maxBuffer: 1e8,
});
console.log(attw.status === 0 ? 'are the types wrong: no' : attw.stdout + attw.stderr);

// Nothing is installed with the package, but some packages are part of its files: these are the bill.
const licences = readFileSync('dist/THIRD-PARTY-LICENSES.txt', 'utf8');
const bundled = new Set(
  Array.from(licences.matchAll(/^(\S+) (\d\S*) \(.+\)$/gm), ([, name, version]) => `${name}@${version}`),
);
const cyclonedx = JSON.parse(npm('sbom', '--sbom-format=cyclonedx'));
const isBundled = (/** @type {any} */ part) => bundled.has(`${part.name}@${part.version ?? part.versionInfo}`);
cyclonedx.components = cyclonedx.components.filter(isBundled);
const refs = new Set(cyclonedx.components.map((/** @type {any} */ part) => part['bom-ref']));
cyclonedx.dependencies = [{ ref: cyclonedx.metadata.component['bom-ref'], dependsOn: [...refs] }];
const spdx = JSON.parse(npm('sbom', '--sbom-format=spdx'));
const [own] = spdx.packages;
spdx.packages = [own, ...spdx.packages.slice(1).filter(isBundled)];
spdx.relationships = spdx.packages.map((/** @type {any} */ part) => ({
  spdxElementId: part === own ? 'SPDXRef-DOCUMENT' : own.SPDXID,
  relatedSpdxElement: part.SPDXID,
  relationshipType: part === own ? 'DESCRIBES' : 'CONTAINS',
}));
const unknown = bundled.size - cyclonedx.components.length || bundled.size - spdx.packages.length + 1;
for (const [format, bill] of Object.entries({ cyclonedx, spdx }))
  writeFileSync(`build/sbom.${format}.json`, `${JSON.stringify(bill, null, 2)}\n`);
console.log(
  `build/sbom.*.json: ${bundled.size} packages that are part of its files, ${unknown} of them not in the bill`,
);

const failed = Number(messages.length > 0) + Number(attw.status !== 0) + Number(unknown !== 0);
console.log(`${4 - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** @param {string[]} args */
function npm(...args) {
  const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`npm ${args[0]} ended with ${status}\n${stderr}`);
  return stdout;
}
