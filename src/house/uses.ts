import {ancestors} from '../base/ancestors.ts'
import type {Context, Environment} from '../base/context.ts'
import {messageOf, UserError} from '../base/errors.ts'
import type {Origin} from '../base/origin.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import {currentPins} from '../pin/find.ts'
import {lockPath, readLock} from '../pin/lock-file.ts'
import {findProject, projectPins} from '../pin/project.ts'
import {globalPins} from '../pin/readers.ts'
import type {Pin} from '../pin/types.ts'
import {resolveLocal} from '../resolve/local.ts'
import {installedToolchains} from '../store/installed.ts'
import {linkedVersions} from '../store/linked-versions.ts'
import {knownProjects} from '../store/projects.ts'
import type {Installed} from '../store/types.ts'
import {type ControlRecord, liveRecords} from '../supervisor/control-record.ts'
import {findControl} from '../supervisor/controller.ts'
import {type Definitions, loadDefinitions} from '../toolchain/definitions.ts'
import {projectDefinitionFiles} from '../toolchain/project-definitions.ts'

/** Why a version is needed. */
export type Use =
  /** A known project pins it. */
  | {kind: 'project'; root: string; origin: Origin}
  /** The lock file of a known project names it. */
  | {kind: 'lock'; origin: Origin}
  /** It is what `$TOOL_HOME/version` pins. */
  | {kind: 'global'; origin: Origin}
  /** It is pinned where the person is, by a variable for one. */
  | {kind: 'here'; origin: Origin}
  /** A link in the store is another name for it. */
  | {kind: 'alias'; name: string}
  /** A supervisor runs it. */
  | {kind: 'supervisor'; root: string; pid: number}

/** Who needs which of the installed versions. */
export interface Uses {
  /** None for a version that nobody needs. */
  of(installed: Installed): readonly Use[]
}

/**
 * Finds out who needs what: every known project, the global pins, the directory that the person is in, links that are
 * other names, supervisors that run. Of a project whose pins can't be made sense of, the log tells.
 */
export async function findUses(context: Context, definitions: Definitions): Promise<Uses> {
  const uses = new Map<string, Use[]>()
  const add = (directory: string, use: Use) => void uses.set(directory, [...(uses.get(directory) ?? []), use])
  for (const root of projectRoots(context, definitions)) {
    const there = inProject(context, root)
    const known = await definitionsOf(there, definitions)
    for (const pin of attempt(context, root, () => projectPins(there, known, {root})))
      add(directoryOf(there, known, pin), {kind: 'project', root, origin: pin.origin})
    for (const {directory, use} of lockedIn(there, root)) if (!uses.has(directory)) add(directory, use)
  }
  for (const pin of attempt(context, context.layout.home, () => globalPins(context, definitions)))
    add(directoryOf(context, definitions, pin), {kind: 'global', origin: pin.origin})
  // What is wrong with a file was said already.
  const here = attempt(context, context.cwd, () => currentPins(context, definitions), 'debug')
  for (const pin of here) {
    const directory = directoryOf(context, definitions, pin)
    if (!uses.has(directory)) add(directory, {kind: 'here', origin: pin.origin})
  }
  for (const toolchain of installedToolchains(context)) {
    for (const {version, alias} of linkedVersions(context, toolchain)) {
      if (alias !== undefined) add(context.layout.version(toolchain, alias), {kind: 'alias', name: version})
    }
  }
  for (const {directory, use} of await supervised(context)) add(directory, use)
  return {of: ({directory}) => uses.get(directory) ?? []}
}

/** Those that were remembered, and the one that the person is in. */
function projectRoots(context: Context, definitions: Definitions): string[] {
  const here = findProject(context, definitions)?.root
  return [
    ...new Set([...knownProjects(context).map(({root}) => root), ...(here === undefined ? [] : [here])]),
  ]
}

/** A project may define toolchains of its own. */
async function definitionsOf(there: Context, definitions: Definitions): Promise<Definitions> {
  return projectDefinitionFiles(there).length > 0 ? loadDefinitions(there) : definitions
}

/** What somebody sees who works in another project: without what variables say to this one. */
function inProject(context: Context, root: string): Context {
  return {...context, cwd: root, env: withoutVersions(context.env)}
}

function withoutVersions(env: Environment): Environment {
  const own = /^TOOL_(?:DIR|(?:\w+_)?VERSION)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)))
}

/** The folder of the version that serves a pin; none where nothing does, as for a toolchain that nobody knows. */
function directoryOf(context: Context, definitions: Definitions, pin: Pin): string {
  try {
    const resolved = resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin)
    return resolved.via === 'store' ? resolved.installed.directory : ''
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    context.log.debug(`${context.cwd}: ${error.message}`)
    return ''
  }
}

/** What somebody else wrote may be wrong, which is no reason to know nothing of the rest. */
function attempt<T>(
  {log}: Context,
  where: string,
  read: () => readonly T[],
  level: 'warning' | 'debug' = 'warning',
): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    log[level](`what is pinned in ${where} is not known: ${error.message}`)
    return []
  }
}

interface Needed {
  directory: string
  use: Use
}

/** What the lock files of a project name, also where its pins say something else by now. */
function lockedIn(context: Context, root: string): Needed[] {
  return [...ancestors(root)].flatMap(folder => {
    const path = lockPath(folder, context)
    const entries = attempt(context, folder, () => readLock(path, context)?.entries ?? [])
    return entries.map(({toolchain, version, line}) => ({
      directory: context.layout.version(toolchain, version),
      use: {kind: 'lock', origin: {kind: 'file', path, line}} as const,
    }))
  })
}

async function supervised(context: Context): Promise<Needed[]> {
  const all = await Promise.all(liveRecords(context.layout).map(record => workersOf(context, record)))
  return all.flat()
}

async function workersOf(context: Context, record: ControlRecord): Promise<Needed[]> {
  const use: Use = {kind: 'supervisor', root: record.root, pid: record.process.pid}
  try {
    using controller = await findControl(record, context.signal)
    const {workers} = (await controller?.workers()) ?? {workers: []}
    return workers
      .map(({workerId}) => readWorkerId(workerId))
      .filter(compiler => compiler !== undefined)
      .map(({toolchain, version}) => ({directory: context.layout.version(toolchain, version), use}))
  } catch (error) {
    context.signal.throwIfAborted()
    context.log.warning(`${record.root}: its supervisor does not say what it runs: ${messageOf(error)}`)
    return []
  }
}
