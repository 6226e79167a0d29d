import {delimiter, dirname} from 'node:path'
import {stripVTControlCharacters} from 'node:util'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {inParallel} from '../base/in-parallel.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {withVariables} from '../base/variables.ts'
import type {Definition} from '../model/definition.ts'
import {signalGroup, stopGroup} from '../process/group.ts'
import {isVersionName} from '../version/name.ts'
import {candidates} from './on-path.ts'
import {type Answers, cachedAnswers, keepAnswers} from './probe-cache.ts'
import {foldersOnPath} from './programs.ts'

export interface AskOptions {
  /** Ms after which a program that has not ended is killed. */
  timeout?: number
}

type Probe = NonNullable<Definition['probe']>

/** Characters of output; who says more is no program that states its version. */
const most = 64 * 1024
/** How many programs at a time. */
const jobs = 4

/**
 * Asks a toolchain's programs on PATH for their version, each by running it as the definition's probe says, unless it
 * was asked before; keeps what they say. One that hangs, floods or speaks of something else has none.
 * @throws the reason of the context's signal
 */
export async function askForVersions(
  context: Context,
  definition: Definition,
  {timeout = 5000}: AskOptions = {},
): Promise<Answers> {
  const {probe} = definition
  const known = cachedAnswers(context, definition)
  const unasked = candidates(context, definition).filter(program => known.versionOf(program) === undefined)
  const versions = new Map<string, string | null>()
  if (probe && unasked.length > 0) {
    await inParallel(unasked, jobs, async program => {
      versions.set(program, await ask(context, probe, program, timeout))
    })
    keepAnswers(context, definition, versions)
  }
  return {
    versionOf: program => versions.get(program) ?? (versions.has(program) ? null : known.versionOf(program)),
  }
}

async function ask(context: Context, probe: Probe, program: string, timeout: number): Promise<string | null> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(`it did not end within ${timeout} ms`), timeout)
  const heard = {stdout: '', stderr: ''}
  const listen = (stream: keyof typeof heard, line: string) => {
    if (heard[stream].length > most) limit.abort('it says too much')
    else heard[stream] += `${line}\n`
  }
  try {
    await run(context, program, probe.args, listen, AbortSignal.any([context.signal, limit.signal]))
  } catch (error) {
    context.log.debug(`${program} can't be asked for its version: ${messageOf(error)}`)
  } finally {
    clearTimeout(timer)
  }
  context.signal.throwIfAborted()
  const version = limit.signal.aborted ? null : versionIn(`${heard.stdout}${heard.stderr}`, probe)
  context.log.debug(`${program}: ${version ?? `no version: ${limit.signal.reason ?? 'its words have none'}`}`)
  return version
}

async function run(
  context: Context,
  program: string,
  args: readonly string[],
  onLine: (stream: 'stdout' | 'stderr', line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  // What is beside a program itself, rather than a project, is what it may look at.
  const cwd = dirname(realPathIfAny(program) ?? program)
  // Loaded here, since most answers are known already.
  const {spawnGroup} = await import('../process/spawn.ts')
  const group = await spawnGroup({
    file: program,
    args,
    cwd,
    env: environment(context),
    stdin: 'none',
    onLine,
  })
  const kill = () => void signalGroup(group.pid, 'SIGKILL')
  if (signal.aborted) kill()
  signal.addEventListener('abort', kill, {once: true})
  try {
    await group.exited
  } finally {
    signal.removeEventListener('abort', kill)
    // What it left behind as well.
    await stopGroup(group, AbortSignal.abort())
  }
}

/** A program must not come back to us: neither by a shim nor as a compiler that we supervise. */
function environment(context: Context): Record<string, string> {
  const above = {TOOL_IPC: undefined, TOOL_WORKER_ID: undefined, TOOL_WORKER_TOKEN: undefined}
  const own = {PATH: foldersOnPath(context).join(delimiter), NO_COLOR: '1'}
  return withVariables(context.platform.os, {...context.env, ...above}, own)
}

function versionIn(text: string, {regexp}: Probe): string | null {
  const version = new RegExp(regexp, 'mu').exec(stripVTControlCharacters(text))?.[1]
  return version !== undefined && isVersionName(version) ? version : null
}
