// Bundles the command line, so that a start reads a few files instead of hundreds: the hot verbs into dist/hot/, the
// framework with all commands into dist/main.cjs; and the bridges to the APIs of compilers into dist/bridges/.
import {createHash} from 'node:crypto'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {build as bundle} from 'esbuild'
import {
  besideZod,
  bridges,
  builtInDefinitions,
  libraries,
  libraryFile,
  onlyEnglish,
  onlyTheFramework,
  onlyVerb,
  onlyWhatCommandsNeed,
  onlyWhatEveryCallNeeds,
  schemaFile,
  schemas,
  semverFunctions,
  withFewBuiltins,
  withOneWayToLoad,
} from './bundle-parts.js'
import {root} from './root.js'

const read = path => readFileSync(join(root, path), 'utf8')
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  logLevel: 'warning',
  // There may be no commands of two words; and what a library asks of the place of its own modules is given to it here.
  logOverride: {'empty-glob': 'silent', 'empty-import-meta': 'silent'},
  absWorkingDir: root,
  define: {
    COMMAND_LINES: read('dist/command-lines.json'),
    RELEASE: JSON.stringify(JSON.parse(read('package.json')).version),
  },
}

const definitions = builtInDefinitions()

/** Bundles one file. */
async function build({plugins = [], ...options}) {
  const {outputFiles} = await bundle({...options, write: false, plugins: [...plugins, definitions]})
  for (const {path, text} of outputFiles) {
    mkdirSync(dirname(path), {recursive: true})
    const source = withOneWayToLoad(withFewBuiltins(text))
    const digest = createHash('sha256').update(source).digest('hex').slice(0, 31)
    // bin/tool.cjs tells by it whether what it has compiled is still of this file.
    const wrapped = `(function (exports, require, module, __filename, __dirname, $import) {${source}\n})`
    writeFileSync(path, `/*${digest}*/${wrapped}`)
  }
}

const hot = {
  ...shared,
  entryPoints: ['bin/hot.ts'],
  format: 'cjs',
  minify: true,
}
await build({...hot, outfile: 'dist/hot/index.cjs', plugins: [onlyWhatEveryCallNeeds()]})

// Those that are called most have a file each: what other verbs need would take them a tenth of their time.
const alone = {current: 'current', exec: 'exec', 'version-name': 'versionName', which: 'which'}
const lines = JSON.parse(shared.define.COMMAND_LINES)
for (const [id, name] of Object.entries(alone)) {
  await build({
    ...hot,
    outfile: `dist/hot/${id}.cjs`,
    define: {...shared.define, COMMAND_LINES: JSON.stringify({[id]: lines[id]})},
    plugins: [onlyWhatEveryCallNeeds(), onlyVerb(id, name)],
  })
}

// What some calls need, a file each.
const library = {...shared, format: 'cjs', minify: true}
for (const name of libraries) {
  // As `import()` has it, what is no module itself is the default.
  const stdin = {contents: `exports.default = require('${name}')`, resolveDir: root}
  const entry = name.startsWith('@npmcli/') ? {stdin} : {entryPoints: [name]}
  await build({...library, ...entry, outfile: `dist/${libraryFile(name)}`, plugins: [onlyEnglish()]})
}
for (const name of schemas) {
  const plugins = [besideZod()]
  await build({
    ...library,
    entryPoints: [`src/model/${name}.ts`],
    outfile: `dist/${schemaFile(name)}`,
    plugins,
  })
}
await build({
  ...library,
  stdin: {
    contents: semverFunctions.map(name => `exports['${name}'] = require('${name}')`).join('\n'),
    resolveDir: root,
  },
  outfile: 'dist/libraries/semver.cjs',
})

await build({
  ...shared,
  entryPoints: ['bin/main.ts'],
  outfile: 'dist/main.cjs',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [onlyWhatCommandsNeed(), onlyTheFramework()],
})

// They are started by whatever Node runs the compiler, so they are plain programs, and their language is that of Node 20.
for (const name of bridges) {
  await bundle({
    ...shared,
    entryPoints: [`bin/bridge-${name}.ts`],
    outfile: `dist/bridges/${name}.mjs`,
    format: 'esm',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    // What is bundled asks for Node's modules in the older way.
    banner: {js: "import {createRequire as $r} from 'node:module';const require=$r(import.meta.url);"},
  })
}
