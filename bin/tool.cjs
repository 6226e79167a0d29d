#!/usr/bin/env node
'use strict'
// CommonJS, since it is the entry of commands that are called all day: the loader for modules costs them milliseconds.
const {existsSync} = require('node:fs')
const {enableCompileCache} = require('node:module')
const {homedir} = require('node:os')
const {dirname, join} = require('node:path')
const {findRuntime, isTooOld, oldestNode} = require('./runtime.cjs')

const packageRoot = dirname(__dirname)
const argv = process.argv.slice(2)
const ownRuntime = findRuntime(packageRoot)

if (isTooOld(process.versions.node)) startUnderOwnRuntime()
else start().catch(fail)

async function start() {
  cacheCompiledCode()
  const {release, runHot} = require(hotBundle())
  const self = {packageRoot, runtime: ownRuntime ?? process.execPath, release}
  const outcome = await runHot(argv, self)
  // Taking Node down in good order costs a tenth of its start. Windows may still be writing to a pipe.
  if (outcome === 'done' && process.platform !== 'win32') process.exit()
  if (outcome !== 'left') return
  const {main} = require('../dist/main.cjs')
  await main(argv, self)
}

/** What is thrown before our own code runs: the package is not whole, or is being built. */
function fail(error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error
  console.error(
    `error PACKAGE_INCOMPLETE: ${join(packageRoot, 'dist')} is missing, or not all of it is there\n` +
      '  try: install toolversion again; in a checkout: npm run build',
  )
  process.exitCode = 70
}

/** The bundle with the verb that is called: its own, or the one with all of them. */
function hotBundle() {
  const hot = join(packageRoot, 'dist', 'hot')
  const own = /^[a-z-]+$/.test(argv[0] ?? '') ? join(hot, `${argv[0]}.cjs`) : ''
  return own !== '' && existsSync(own) ? own : join(hot, 'index.cjs')
}

/** Later starts find our own code compiled. Only where the home is in use already: asking for help makes no folders. */
function cacheCompiledCode() {
  const cache = join(process.env.TOOL_HOME || join(process.env.HOME || homedir(), '.tool'), 'cache')
  if (existsSync(cache)) enableCompileCache(join(cache, 'compiled'))
}

/** This Node is older than our dependencies: the same command goes on under the one that the package brings. */
function startUnderOwnRuntime() {
  const runtime = ownRuntime
  if (!runtime) {
    console.error(
      `error NODE_TOO_OLD: tool needs Node ${oldestNode} or newer, this is ${process.versions.node} (${process.execPath})\n` +
        '  try: install a newer Node, or reinstall toolversion without --omit=optional, so that it brings its own',
    )
    process.exitCode = 2
    return
  }
  const {spawn} = require('node:child_process')
  const {constants} = require('node:os')
  const child = spawn(runtime, [__filename, ...argv], {stdio: 'inherit'})
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    // A terminal sends Ctrl-C to both of us; handing it on as well would make it two.
    process.on(signal, () => (process.stdin.isTTY && signal === 'SIGINT' ? undefined : child.kill(signal)))
  }
  child.on('error', error => {
    console.error(
      `error RUNTIME_BROKEN: ${runtime} cannot be started: ${error.message}\n  try: reinstall toolversion`,
    )
    process.exitCode = 126
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
  })
}
