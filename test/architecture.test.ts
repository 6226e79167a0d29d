import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {type Import, importsBelow, sourcesBelow} from './support/imports.ts'
import {packageRoot} from './support/sandbox.ts'

/** The layers of the design, lowest first; a folder imports from lower layers and from itself. */
const layers = [
  ['base'],
  ['version', 'model'],
  ['toolchain', 'fetch', 'archive', 'ipc', 'process'],
  ['pin', 'source', 'store', 'supervisor', 'worker', 'diagnostics'],
  ['resolve', 'shim', 'driver', 'bridge'],
  ['install', 'session'],
  ['build', 'serve', 'watch', 'supervise', 'house'],
  ['cli'],
]

const layerOf = (folder: string) => layers.findIndex(layer => layer.includes(folder))
const folderOf = (file: string) =>
  file.startsWith('src/') && file.split('/').length > 2 ? file.split('/')[1] : undefined
const inside = importsBelow('src', 'commands', 'bin')

test('every folder of src has a layer', () => {
  const folders = readdirSync(join(packageRoot, 'src'), {withFileTypes: true}).filter(entry =>
    entry.isDirectory(),
  )
  expect(folders.map(({name}) => name).filter(name => layerOf(name) < 0)).toEqual([])
})

test('imports point down, and folders of one layer do not import each other', () => {
  const wrong = inside.filter(({from, to}) => {
    const [importer, imported] = [folderOf(from), folderOf(to)]
    if (!importer || !imported || importer === imported) return false
    return layerOf(imported) >= layerOf(importer)
  })
  expect(wrong.map(describeImport)).toEqual([])
})

test('nothing in src imports a command or bin', () => {
  const wrong = inside.filter(
    ({from, to}) => from.startsWith('src/') && /^(?:commands|bin|test|scripts)\//.test(to),
  )
  expect(wrong.map(describeImport)).toEqual([])
})

test('there are no cycles', () => {
  const edges = Map.groupBy(
    inside.filter(({to, dynamic}) => !dynamic && to.endsWith('.ts')),
    ({from}) => from,
  )
  const done = new Set<string>()
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const {to} of edges.get(file) ?? []) {
      const cycle = visit(to, [...path, file])
      if (cycle) return cycle
    }
    done.add(file)
    return undefined
  }
  expect([...edges.keys()].map(file => visit(file, [])).find(Boolean)).toBeUndefined()
})

test('oclif is known to the command line only', () => {
  const wrong = inside.filter(
    ({from, to}) => to.startsWith('@oclif/') && !/^(?:src\/cli|commands|bin)\//.test(from),
  )
  expect(wrong.map(describeImport)).toEqual([])
})

test('the supervisor knows nothing of compilers', () => {
  const wrong = inside.filter(
    ({from, to}) =>
      from.startsWith('src/supervisor/') &&
      /^src\/(?:toolchain|model\/definition|model\/project-config)/.test(to),
  )
  expect(wrong.map(describeImport)).toEqual([])
})

test('the worker SDK needs no more than the IPC library', () => {
  const packages = [...reachable('src/worker/index.ts')].filter(
    name => !/\.c?[jt]s$/.test(name) && !name.startsWith('node:'),
  )
  expect(packages.filter(name => !/^vscode-/.test(name))).toEqual([])
})

test('hot commands load no heavy library', () => {
  const verbs = sourcesBelow('src/cli/verbs')
  expect(verbs.length).toBeGreaterThan(10)
  const packages = ['bin/hot.ts', ...verbs]
    .flatMap(file => [...reachable(file)])
    .filter(name => !/^(?:src|bin|commands)\//.test(name) && !name.startsWith('node:'))
  expect(packages.filter(name => !/^semver\//.test(name))).toEqual([])
})

test('only main programs touch the process, and what an embedding program is told by its own', () => {
  const touching = /\bprocess\.(?:env|argv|cwd|chdir|stdin|stdout|stderr|exit|exitCode)\b/
  const wrong = sourcesBelow('src').filter(file =>
    touching.test(readFileSync(join(packageRoot, file), 'utf8')),
  )
  expect(wrong.filter(file => !file.startsWith('src/cli/'))).toEqual([
    'src/process/windows-watchdog.ts',
    'src/supervisor/surroundings.ts',
    'src/worker/surroundings.ts',
  ])
})

function reachable(start: string): Set<string> {
  const seen = new Set<string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    for (const {from, to, typeOnly, dynamic} of inside) if (from === file && !typeOnly && !dynamic) visit(to)
  }
  visit(start)
  return seen
}

function describeImport({from, to}: Import): string {
  return `${from} → ${to}`
}
