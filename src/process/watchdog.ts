import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import type {Socket} from 'node:net'
import {dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import type {ProcessGroup} from './group.ts'
import {readLiving} from './proc-stat.ts'

/** One that ends sooner than this, in ms, is a quick end; after so many in a row it is not started again at once. */
const quick = 10_000
const quickEnds = 10
/** How long, in ms, until it is tried again where it could not run, unless another group begins before. */
const rest = 10_000

const isWindows = process.platform === 'win32'
const interpreter = isWindows ? process.execPath : '/bin/sh'
/** Node takes less memory with these. */
const flags = isWindows ? ['--jitless', '--max-semi-space-size=1', '--max-old-space-size=32'] : []
/**
 * It must hold no folder that could be wanted, no terminal, and none of the ids by which others look for what to end, which
 * nobody does on Windows.
 */
const surroundings = isWindows
  ? {cwd: dirname(process.execPath), windowsHide: true}
  : {cwd: '/', env: {PATH: '/usr/bin:/bin'}}

export interface WatchdogOptions {
  /** What the processes to be ended have in TOOL_SUPERVISORS. */
  id: string
  /** Path of the watchdog's program; by default the one of this package, which a bundle of it can't find. */
  script?: string | undefined
  /** It can't run now. Without it all goes on, but what SIGKILL leaves is not ended. */
  onUseless?(why: string): void
}

/**
 * A small process that outlives this one, in order to end what this one started: the groups that it was told, and
 * whoever left them with the id in the environment, which on Windows nobody can read. It is started again when it dies.
 */
export class Watchdog {
  readonly #options: WatchdogOptions
  /** When each group's leader started, in the system's own words, by the group. */
  readonly #groups = new Map<number, string>()
  #process: ChildProcess | undefined
  #startedAt = 0
  #quickEnds = 0
  #closed = false

  constructor(options: WatchdogOptions) {
    this.#options = options
  }

  /** Its process id, if it runs. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Has it run; to be called before a group begins, so that there is no moment without one. Never throws. */
  start(): void {
    if (this.#closed || this.#process !== undefined) return
    try {
      this.#begin(this.#options.script ?? ownScript())
    } catch (error) {
      this.#useless(messageOf(error))
    }
  }

  add(group: ProcessGroup): void {
    const {pid} = group
    const start = startTimeOf(group)
    this.#groups.set(pid, start)
    this.#tell(`+ ${pid} ${start}\n`)
  }

  /** To be called once the group is gone: its number may soon be another's. */
  delete(group: number): void {
    if (this.#groups.delete(group)) this.#tell(`- ${group}\n`)
  }

  /** Has it look once more for those who left their groups, and end. Does not wait for that. */
  close(): void {
    this.#closed = true
    this.#process?.stdin?.end()
  }

  #begin(script: string): void {
    // What there is goes with the start: it must not miss any of it if we are killed right after.
    const groups = [...this.#groups].map(([group, start]) => `${group}:${start}`)
    const child = spawn(interpreter, [...flags, script, this.#options.id, ...groups], {
      ...surroundings,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    this.#process = child
    this.#startedAt = performance.now()
    child.once('error', error => this.#ended(child, messageOf(error)))
    child.once('exit', (code, signal) =>
      this.#ended(child, signal === null ? `it ended with ${code}` : undefined),
    )
    child.unref()
    // Whether it still reads is seen by its end.
    child.stdin?.on('error', () => {})
    const socket = child.stdin as Socket | null
    socket?.unref()
  }

  #tell(lines: string): void {
    this.#process?.stdin?.write(lines)
  }

  /** `why` is missing where somebody killed it. */
  #ended(child: ChildProcess, why: string | undefined): void {
    if (this.#process !== child) return
    this.#process = undefined
    if (this.#closed) return
    this.#quickEnds = performance.now() - this.#startedAt < quick ? this.#quickEnds + 1 : 0
    if (why !== undefined) this.#useless(why)
    else if (this.#quickEnds > quickEnds) this.#useless('it is killed again and again')
    else this.start()
  }

  #useless(why: string): void {
    this.#options.onUseless?.(why)
    setTimeout(() => this.#groups.size > 0 && this.start(), rest).unref()
  }
}

function startTimeOf({pid, began}: ProcessGroup): string {
  if (isWindows) return String(began)
  try {
    return (process.platform === 'linux' && readLiving(pid)?.startTime) || ''
  } catch {
    return ''
  }
}

/** Where its program is, for whoever has a context. */
export function watchdogScript({packageRoot}: Pick<Context, 'packageRoot'>): string {
  return isWindows
    ? join(packageRoot, 'dist', 'src', 'process', 'windows-watchdog.js')
    : join(packageRoot, 'shell', 'watchdog.sh')
}

/** Beside the sources, and beside what is compiled of them. */
function ownScript(): string {
  const here: string | undefined = import.meta.dirname
  const roots = here === undefined ? [] : ['../..', '../../..'].map(up => join(here, up))
  const path = roots.map(packageRoot => watchdogScript({packageRoot})).find(existsSync)
  if (path === undefined) throw new Error('the watchdog of toolversion is not where it should be')
  return path
}
