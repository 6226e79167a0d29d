import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {root} from './root.js'

const inputs = [
  'bin',
  'commands',
  'src',
  'fixtures/sitec',
  'toolchains',
  'shell',
  'shims',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
]
const stamp = join(root, 'dist', '.stamp')

/** Makes dist/: JavaScript and typings, the packed sitec, the list of commands. Does nothing if no input changed. */
export function buildIfStale(node, force = false) {
  const wanted = digestOfInputs()
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  rmSync(join(root, 'dist'), {recursive: true, force: true})
  // Only what goes wrong is told; the compiler tells that on stdout.
  const run = (...args) => {
    const {status, error} = spawnSync(node, args, {
      cwd: root,
      stdio: ['ignore', args[0]?.includes('sitec') ? 'ignore' : 2, 2],
    })
    if (error) throw error
    if (status !== 0) process.exit(status ?? 1)
  }
  run(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json')
  run(join('scripts', 'manifest.js'))
  run(join('scripts', 'bundle.js'))
  run(join('fixtures', 'sitec', 'pack.ts'), join('dist', 'sitec'))
  writeFileSync(stamp, wanted)
}

function digestOfInputs() {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap(filesBelow).sort())
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function filesBelow(path) {
  try {
    return readdirSync(join(root, path), {withFileTypes: true}).flatMap(entry =>
      entry.isDirectory() ? filesBelow(`${path}/${entry.name}`) : [`${path}/${entry.name}`],
    )
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    throw error
  }
}
