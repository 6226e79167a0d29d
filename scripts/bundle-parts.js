// What the bundles are made of, and how their parts find each other: plugins of the bundler, and changes to its output.
import {join} from 'node:path'
import {builtins} from '../src/toolchain/builtin.ts'
import {root} from './root.js'

/** Libraries of many small modules. */
export const libraries = [
  '@npmcli/config',
  '@npmcli/config/lib/definitions/index.js',
  'execa',
  'vscode-jsonrpc/node',
  'zod',
]
export const libraryFile = name => `libraries/${name.replace(/^@/, '').replace(/\W+/g, '-')}.cjs`
/** Modules of src/model/ that are loaded to check what a person wrote. */
export const schemas = ['definition', 'project-config']
export const schemaFile = name => `libraries/schema-${name}.cjs`
/** What our code asks of semver. */
export const semverFunctions = [
  'semver/functions/eq.js',
  'semver/functions/satisfies.js',
  'semver/functions/valid.js',
  'semver/ranges/valid.js',
]

/** Programs that run a compiler's API: `bin/bridge-NAME.ts`. */
export const bridges = ['typescript']

/** Puts the definitions that come with the package into the bundle: one file less to read for each of them. */
export function builtInDefinitions() {
  const all = builtins(root).map(({name, summary, read}) => {
    const {$schema: _, ...definition} = read()
    const source = JSON.stringify(definition)
    return `{name: "${name}", summary: () => (${JSON.stringify(summary())}), read: () => (${source})}`
  })
  return {
    name: 'built-in-definitions',
    setup({onLoad}) {
      onLoad({filter: /src\/toolchain\/builtin\.ts$/}, () => ({
        contents: `const all = [${all.join(',\n')}]\nexport const builtins = () => all`,
        loader: 'js',
      }))
    },
  }
}

/** Each module asks Node for these, which every start has loaded anyway: to ask once takes less than to ask 60 times. */
const sharedBuiltins = {'node:fs': '$fs', 'node:path': '$path'}
/** What Node takes milliseconds to load, and most commands never use. */
const slowBuiltins = [
  'node:crypto',
  'node:fs/promises',
  'node:os',
  'node:readline',
  'node:tls',
  'node:util',
  'node:zlib',
]

/** How our modules get at Node's: at once those that are there, and the others when the first function of theirs is called. */
export function withFewBuiltins(text) {
  const shared = Object.entries(sharedBuiltins)
  const declared = [
    ...shared.map(([name, variable]) => `${variable}=require("${name}")`),
    '$later=name=>new Proxy({},{get:(_,key)=>require(name)[key]})',
  ]
  const replaced = shared.reduce(
    (before, [name, variable]) => before.replaceAll(`require("${name}")`, variable),
    slowBuiltins.reduce(
      (before, name) => before.replaceAll(`=require("${name}")`, `=$later("${name}")`),
      text,
    ),
  )
  return replaced.replace(/^(?:"use strict";\s*)?/, start => `${start}const ${declared.join(',')};`)
}

/**
 * Our own files are loaded by `bin/tool.cjs` alone, also those that are needed later, so there is one of each; it loads
 * what is in other packages too, since code that is compiled as ours can't.
 */
export function withOneWayToLoad(text) {
  return text
    .replace(/\bimport\(("\.{1,2}\/libraries\/[^"]+")\)/g, 'Promise.resolve().then(()=>require($1))')
    .replace(/\bimport\(/g, '$import(')
}

/** Of the hot verbs only this one. */
export function onlyVerb(id, name) {
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
export function onlyWhatCommandsNeed() {
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
      // What it tells of itself with DEBUG set: a library that looks at the terminal as it is loaded.
      onResolve({filter: /^debug$/}, () => ({path: 'silence', namespace: 'framework'}))
      onLoad({filter: /^silence$/, namespace: 'framework'}, () => ({
        contents: 'module.exports = () => () => {}',
      }))
      onLoad({filter: /^nothing$/, namespace: 'framework'}, () => ({contents: 'module.exports = {}'}))
    },
  }
}

/** Of the packages, only the framework goes into the bundle: its hundred small modules are what a start waits for. */
export function onlyTheFramework() {
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

/**
 * Of what hot verbs can do, what few calls do is left in files of its own: the functions of semver, which are needed for
 * ranges alone, and the schemas of files that few people write. To load less takes less time, also where it is cached.
 */
export function onlyWhatEveryCallNeeds() {
  return {
    name: 'only-what-every-call-needs',
    setup({onResolve, onLoad}) {
      onResolve({filter: /^semver\//}, ({path}) => {
        if (!semverFunctions.includes(path))
          throw new Error(`${path} is not in the list of semver's functions`)
        return {path, namespace: 'semver'}
      })
      onLoad({filter: /.*/, namespace: 'semver'}, ({path}) => ({
        contents: `module.exports = (...args) => require('../libraries/semver.cjs')['${path}'](...args)`,
      }))
      onResolve({filter: /^\.\.\/libraries\//}, ({path}) => ({path, external: true}))
      onResolve({filter: /^zod$/}, () => ({path: `../${libraryFile('zod')}`, external: true}))
      onResolve({filter: /\/model\/[a-z-]+\.ts$/}, ({path, kind}) => {
        if (kind !== 'dynamic-import') return undefined
        const name = path.replace(/^.*\/|\.ts$/g, '')
        if (!schemas.includes(name)) throw new Error(`${path} is not in the list of schemas`)
        return {path: `../${schemaFile(name)}`, external: true}
      })
    },
  }
}

/** All schemas share one zod, which is a file of its own. */
export function besideZod() {
  return {
    name: 'beside-zod',
    setup({onResolve}) {
      onResolve({filter: /^zod$/}, () => ({path: './zod.cjs', external: true}))
    },
  }
}

/** The schema library brings its messages in fifty languages; ours are in one. */
export function onlyEnglish() {
  return {
    name: 'only-english',
    setup({onLoad}) {
      onLoad({filter: /\/zod\/v4\/locales\/index\.js$/}, () => ({
        contents: "export {default as en} from './en.js'",
        resolveDir: join(root, 'node_modules', 'zod', 'v4', 'locales'),
      }))
    },
  }
}
