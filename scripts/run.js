// The npm scripts, for any Node ≥ 20.19 and a checkout where nothing is installed yet: sets up what is missing, then runs the task.
import {spawnSync} from 'node:child_process'
import {delimiter, join} from 'node:path'
import {findRuntime, isTooOld, oldestNode} from '../bin/runtime.cjs'
import {buildIfStale} from './build.js'
import {installIfStale} from './install.js'
import {root} from './root.js'

const [task = 'help', ...args] = process.argv.slice(2)

installIfStale()
const node = findRuntime(root) ?? process.execPath
if (node === process.execPath && isTooOld(process.versions.node)) {
  console.error(
    `Node ${oldestNode} or newer is needed: this is ${process.versions.node}, and the package that brings one is not there for ${process.platform}-${process.arch}`,
  )
  process.exit(2)
}
buildIfStale(node, task === 'build')

const vitest = join('node_modules', 'vitest', 'vitest.mjs')
const report = name => ['--reporter=default', '--reporter=json', `--outputFile.json=.reports/${name}.json`]
const tasks = {
  build: [],
  start: [join('scripts', 'start.js')],
  test: [vitest, 'run', '--project', 'fast', ...report('fast')],
  'test:full': [vitest, 'run', '--project', 'full', ...report('full')],
}
const command = tasks[task]
if (!command) {
  console.error(`no such task: ${task} (there are: ${Object.keys(tasks).join(', ')})`)
  process.exit(2)
}
if (command.length > 0) {
  // Programs started by the task find this Node first, as npm scripts do.
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter)
  const {status, error} = spawnSync(node, [...command, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {...process.env, PATH: path},
  })
  if (error) throw error
  process.exit(status ?? 1)
}
