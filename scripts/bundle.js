// Bundles the command line, so that a start reads a few files instead of hundreds: the hot verbs into dist/hot/, the
// framework with all commands into dist/main.cjs.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'esbuild'
import {root} from './root.js'

const read = path => readFileSync(join(root, path), 'utf8')
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  logLevel: 'warning',
  // There may be no commands of two words.
  logOverride: {'empty-glob': 'silent'},
  absWorkingDir: root,
  define: {
    COMMAND_LINES: read('dist/command-lines.json'),
    RELEASE: JSON.stringify(JSON.parse(read('package.json')).version),
  },
}

const hot = {
  ...shared,
  entryPoints: ['bin/hot.ts'],
  format: 'cjs',
  minify: true,
  // Needed only for definitions that a person wrote; loaded then.
  external: ['zod'],
}
await build({...hot, outfile: 'dist/hot/index.cjs', plugins: [lazySemver()]})

// Those that are called most have a file each: what other verbs need would take them a tenth of their time.
const alone = {current: 'current', exec: 'exec', 'version-name': 'versionName', which: 'which'}
const lines = JSON.parse(shared.define.COMMAND_LINES)
for (const [id, name] of Object.entries(alone)) {
  await build({
    ...hot,
    outfile: `dist/hot/${id}.cjs`,
    define: {...shared.define, COMMAND_LINES: JSON.stringify({[id]: lines[id]})},
    plugins: [lazySemver(), onlyVerb(id, name)],
  })
}

// Libraries of many small modules, a file each, for the commands that need them.
const libraries = ['execa', 'vscode-jsonrpc/node', 'zod']
const libraryFile = name => `libraries/${name.replace(/\W+/g, '-')}.cjs`
for (const name of libraries) {
  await build({
    ...shared,
    entryPoints: [name],
    outfile: `dist/${libraryFile(name)}`,
    format: 'cjs',
    minify: true,
  })
}

await build({
  ...shared,
  entryPoints: ['bin/main.ts'],
  outfile: 'dist/main.cjs',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [onlyWhatCommandsNeed(), onlyTheFramework()],
})

/** Of the hot verbs only this one. */
function onlyVerb(id, name) {
  const file = id.split('-')[0]
  return {
    name: 'only-verb',
    setup({onLoad}) {
      onLoad({filter: /src\/cli\/hot-verbs\.ts$/}, () => ({
        contents: `import {${name}} from './verbs/${file}.ts'\nexport const hotVerbs = {'${id}': ${name}}`,
        loader: 'ts',
      }))
    },
  }
}

/**
 * Of the framework, only what a command line is parsed with: its configuration, which looks for plugins, and its help,
 * which we render when we build, take most of its time to load.
 */
function onlyWhatCommandsNeed() {
  const parts = {Command: 'command', Flags: 'flags', Args: 'args', Errors: 'errors'}
  const getters = Object.entries(parts).map(([name, part]) => {
    const module = `require('@oclif/core/${part}')`
    return `get ${name}() { return ${name === 'Command' ? `${module}.Command` : module} }`
  })
  return {
    name: 'only-what-commands-need',
    setup({onResolve, onLoad}) {
      onResolve({filter: /^@oclif\/core$/}, () => ({path: 'parts', namespace: 'framework'}))
      onResolve({filter: /^\.\/config$/}, ({importer}) =>
        importer.endsWith('/@oclif/core/lib/command.js')
          ? {path: 'nothing', namespace: 'framework'}
          : undefined,
      )
      onLoad({filter: /^parts$/, namespace: 'framework'}, () => ({
        contents: `module.exports = {${getters.join(', ')}}`,
        resolveDir: root,
      }))
      onLoad({filter: /^nothing$/, namespace: 'framework'}, () => ({contents: 'module.exports = {}'}))
    },
  }
}

/** Of the packages, only the framework goes into the bundle: its hundred small modules are what a start waits for. */
function onlyTheFramework() {
  const framework = new Set(['@oclif/core', 'semver'])
  return {
    name: 'only-the-framework',
    setup({onResolve}) {
      onResolve({filter: /^[^./]/}, ({path, importer}) => {
        const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/')
        const fromPackage = importer.includes('/node_modules/')
        if (path.startsWith('node:') || fromPackage || framework.has(name)) return undefined
        return {path: libraries.includes(path) ? `./${libraryFile(path)}` : path, external: true}
      })
    },
  }
}

/** semver is needed for ranges alone, and takes a millisecond to load: each of its functions is loaded when it is called. */
function lazySemver() {
  return {
    name: 'lazy-semver',
    setup({onResolve, onLoad, resolve}) {
      onResolve({filter: /^semver\//}, async ({path, importer, resolveDir, pluginData}) => {
        if (pluginData === 'real') return undefined
        const real = await resolve(path, {kind: 'require-call', importer, resolveDir, pluginData: 'real'})
        return {path: real.path, namespace: 'lazy'}
      })
      onLoad({filter: /.*/, namespace: 'lazy'}, ({path}) => ({
        contents: `module.exports = (...args) => require(${JSON.stringify(path)})(...args)`,
        resolveDir: root,
      }))
    },
  }
}
