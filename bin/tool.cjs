#!/usr/bin/env node
'use strict'
// CommonJS, since it is the entry of commands that are called all day: the loader for modules costs them milliseconds. In
// words that a Node of ten years ago understands too, so that it can hand over to the one that the package brings.
const {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require('node:fs')
const {dirname, isAbsolute, join} = require('node:path')
const {Script} = require('node:vm')

const packageRoot = dirname(__dirname)
const argv = process.argv.slice(2)
const word = argv.length > 0 && /^[a-z-]+$/.test(argv[0]) ? argv[0] : 'tool'
/** After so many calls a command has used all the functions that it mostly does; to keep them takes milliseconds. */
const enoughUses = 4
/** Where it says, before what is kept: how many calls added to it, of which source it is, whether it is whole. */
const header = {uses: 0, digest: 1, checksum: 32, length: 40}
/** The commands that fetch and unpack, or may have to. */
const unpacking = new Set('build exec global install local mirror pin serve upgrade watch'.split(' '))
/** By how much V8's space for new objects grows; 2 is what V8 does by itself. */
let growth = 2
/** Our own files that were loaded, by path. */
const loaded = new Map()

if (isTooOld()) startUnderOwnRuntime()
else start().catch(fail)

async function start() {
  process.on('exit', keepCompiled)
  const {runHot, selfOf} = load(hotBundle())
  const self = selfOf(packageRoot, keepCompiled)
  const outcome = await runHot(argv, self)
  // Taking Node down in good order costs a tenth of its start. Windows may still be writing to a pipe.
  if (outcome === 'done' && process.platform !== 'win32') process.exit()
  if (outcome !== 'left') return
  // What comes from other packages is kept by Node.
  if (hasCache()) require('node:module').enableCompileCache(`${cache()}/compiled`)
  if (unpacking.has(word)) keepHeapSmall()
  const {main} = load(join(packageRoot, 'dist', 'main.cjs'))
  await main(argv, self)
}

/**
 * Loads a file of dist/. What an earlier call of the same command had compiled of it when it ended is taken over: every
 * function that it used, where Node's own cache keeps none but the file's outermost. The build has wrapped each file in the
 * function that a CommonJS module is.
 */
function load(path) {
  const known = loaded.get(path)
  if (known !== undefined) return known.module.exports
  const source = readFileSync(path, 'utf8')
  const kept = readCompiled(path, source)
  const script = new Script(source, {
    filename: path,
    cachedData: kept === undefined ? undefined : kept.data,
  })
  const module = {exports: {}}
  // Another Node, or the same with other flags, refuses it.
  const uses = script.cachedDataRejected === false ? kept.uses : 0
  loaded.set(path, {module, script, source, uses, growth})
  const requireThere = name => (name.startsWith('.') ? load(join(dirname(path), name)) : require(name))
  const importThere = name => import(name)
  const run = script.runInThisContext()
  run(module.exports, requireThere, module, path, dirname(path), importThere)
  return module.exports
}

function readCompiled(path, source) {
  if (cache() === undefined) return undefined
  try {
    const bytes = readOwn(compiledFile(path))
    const data = bytes.subarray(header.length)
    const isWhole = bytes.length > header.length && bytes.readInt32LE(header.checksum) === checksumOf(data)
    if (!isWhole || bytes.latin1Slice(header.digest, header.checksum) !== digestOf(source)) return undefined
    return {uses: bytes[header.uses], data}
  } catch (error) {
    if (error.syscall === undefined) throw error
    // Not there, or not ours to read: then it is compiled again.
    return undefined
  }
}

/** What another user wrote would be run as this one: it counts as not there. */
function readOwn(file) {
  const descriptor = openSync(file)
  try {
    const owner = process.getuid === undefined ? undefined : process.getuid()
    return owner === undefined || fstatSync(descriptor).uid === owner
      ? readFileSync(descriptor)
      : Buffer.alloc(0)
  } finally {
    closeSync(descriptor)
  }
}

/** Keeps what this process has compiled of our own files, for the next call of the same command. */
function keepCompiled() {
  // A word that is no command is to leave nothing behind.
  if (process.exitCode === 2) return
  const young = [...loaded].filter(([, {uses}]) => uses < enoughUses)
  // Asking for help makes no folders: only where the home is in use already.
  if (young.length === 0 || !hasCache()) return
  for (const [path, one] of young) {
    const {script, source, uses} = one
    // V8 takes over only what was compiled with the flags of the moment.
    if (one.growth !== growth) growBy(one.growth)
    const file = compiledFile(path)
    one.uses = enoughUses
    // Two containers that share a home have processes of one number.
    const staged = `${file}.${process.pid}-${process.hrtime.bigint().toString(36)}`
    try {
      mkdirSync(dirname(file), {recursive: true, mode: 0o700})
      const data = script.createCachedData()
      const before = Buffer.alloc(header.length)
      before[header.uses] = uses + 1
      before.latin1Write(digestOf(source), header.digest)
      before.writeInt32LE(checksumOf(data), header.checksum)
      writeFileSync(staged, Buffer.concat([before, data]), {mode: 0o600, flag: 'wx'})
      renameSync(staged, file)
    } catch (error) {
      if (error.syscall === undefined) throw error
      removeIfThere(staged)
    }
  }
}

/**
 * Archives pass through in buffers that are done with at once, but their memory comes back only when V8's space for new
 * objects is cleared: each time that it grows, tens of megabytes more of them are waiting. Our objects are few.
 */
function keepHeapSmall() {
  growBy(1)
}

function growBy(factor) {
  require('node:v8').setFlagsFromString(`--semi-space-growth-factor=${factor}`)
  growth = factor
}

/** A disk that is full, read-only or another's costs the next call its time, and nothing else. */
function removeIfThere(path) {
  try {
    rmSync(path, {force: true})
  } catch (_) {
    // Then it stays.
  }
}

/** Of one byte in 256: enough to see that a page was lost with the machine's power, which V8 would not. */
function checksumOf(data) {
  let sum = 0
  for (let at = 0; at < data.length; at += 256) sum = (sum * 31 + data[at]) | 0
  return sum
}

/** The build puts it there, as a comment. */
function digestOf(source) {
  return source.slice(2, 2 + header.checksum - header.digest)
}

/** Each command has files of its own, with nothing in them that only others use. */
function compiledFile(path) {
  const name = path.slice(packageRoot.length + 1).replace(/\W/g, '-')
  return `${cache()}/compiled/${word}-${name}-${process.version}-${process.arch}`
}

/** Undefined for a home that the command is going to refuse: below the working directory anybody's files may lie. */
function cache() {
  const home = process.env.TOOL_HOME || `${process.env.HOME || require('node:os').homedir()}/.tool`
  return isAbsolute(home) ? `${home}/cache` : undefined
}

function hasCache() {
  const folder = cache()
  return folder !== undefined && existsSync(folder)
}

/** What is thrown before our own code runs: the package is not whole, or is being built. */
function fail(error) {
  const isMissing = error.code === 'ENOENT' && String(error.path).startsWith(join(packageRoot, 'dist'))
  if (error.code !== 'MODULE_NOT_FOUND' && !isMissing) throw error
  console.error(
    `error PACKAGE_INCOMPLETE: ${join(packageRoot, 'dist')} is missing, or not all of it is there\n` +
      '  try: install toolversion again; in a checkout: npm run build',
  )
  process.exitCode = 70
}

/** The bundle with the verb that is called: its own, or the one with all of them. */
function hotBundle() {
  const own = join(packageRoot, 'dist', 'hot', `${word}.cjs`)
  return existsSync(own) ? own : join(packageRoot, 'dist', 'hot', 'index.cjs')
}

/** Asks the module that knows only where the answer is not plain: each module that is loaded costs a start its time. */
function isTooOld() {
  return (
    Number.parseInt(process.versions.node, 10) < 24 &&
    require('./runtime.cjs').isTooOld(process.versions.node)
  )
}

/** This Node is older than our dependencies: the same command goes on under the one that the package brings. */
function startUnderOwnRuntime() {
  const {findRuntime, oldestNode} = require('./runtime.cjs')
  const runtime = findRuntime(packageRoot)
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
    process.exitCode = code === null ? 128 + constants.signals[signal] : code
  })
}
