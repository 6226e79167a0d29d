import {existsSync} from 'node:fs'
import {isDeepStrictEqual} from 'node:util'
import {ancestors} from '../base/ancestors.ts'
import type {Context, Environment} from '../base/context.ts'
import {messageOf, UserError} from '../base/errors.ts'
import type {Origin} from '../base/origin.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import {currentPins} from '../pin/find.ts'
import {lockPath, readLock} from '../pin/lock-file.ts'
import {findProject, projectPins} from '../pin/project.ts'
import {globalPins, ownPinFileName} from '../pin/readers.ts'
import type {Pin} from '../pin/types.ts'
import {resolveLocal} from '../resolve/local.ts'
import {installedToolchains} from '../store/installed.ts'
import {linkedVersions} from '../store/linked-versions.ts'
import {type KnownProject, knownProjects, projectsProblem} from '../store/projects.ts'
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
  /** Who may need any of them, since nobody can tell. */
  unsure: readonly Unsure[]
}

/** Somebody whose needs can't be found out. */
export interface Unsure {
  /** The root of a project, or the home. */
  where: string
  /** A clause: `what is pinned in … is not known: …`. */
  why: string
}

/**
 * Finds out who needs what: every known project, the global pins, the directory that the person is in, links that are
 * other names, supervisors that run.
 */
export async function findUses(context: Context, definitions: Definitions): Promise<Uses> {
  const uses = new Map<string, Use[]>()
  const unsure = new Map<string, Unsure>()
  const add = (directory: string, use: Use) => {
    const known = uses.get(directory) ?? []
    // A file is read once for every name that pin files of ours have.
    if (!known.some(other => isDeepStrictEqual(other, use))) uses.set(directory, [...known, use])
  }
  const doubt: Doubt = (where, why) => void unsure.set(why, unsure.get(why) ?? {where, why})
  const problem = projectsProblem(context)
  if (problem !== undefined)
    doubt(
      context.layout.projects,
      `which projects there are is not known: ${context.layout.projects}: ${problem}`,
    )
  for (const {root, pinFiles, away} of projects(context, definitions)) {
    // It pins something, whatever it is; after its time, it is no longer known.
    if (away)
      doubt(root, `what is pinned in ${root} is not known: the folder is not there, nor the one it was in`)
    for (const name of away ? [] : pinFiles) {
      const there = inProject(context, root, name)
      const known = await definitionsOf(there, definitions)
      for (const pin of attempt(doubt, root, () => projectPins(there, known, {root})))
        add(directoryOf(there, known, pin, doubt), {kind: 'project', root, origin: pin.origin})
      for (const {directory, use} of lockedIn(there, root, doubt))
        if (!uses.has(directory)) add(directory, use)
    }
  }
  for (const pin of attempt(doubt, context.layout.home, () => globalPins(context, definitions)))
    add(directoryOf(context, definitions, pin, doubt), {kind: 'global', origin: pin.origin})
  const here = attempt(doubt, context.cwd, () => currentPins(context, definitions))
  for (const pin of here) {
    const directory = directoryOf(context, definitions, pin, doubt)
    if (!uses.has(directory)) add(directory, {kind: 'here', origin: pin.origin})
  }
  for (const toolchain of installedToolchains(context)) {
    for (const {version, alias} of linkedVersions(context, toolchain)) {
      if (alias !== undefined) add(context.layout.version(toolchain, alias), {kind: 'alias', name: version})
    }
  }
  for (const {directory, use} of await supervised(context, doubt)) add(directory, use)
  return {of: ({directory}) => uses.get(directory) ?? [], unsure: [...unsure.values()]}
}

/** Tells of somebody whose needs can't be found out. */
type Doubt = (where: string, why: string) => void

type Place = Pick<KnownProject, 'root' | 'pinFiles' | 'away'>

/** Those that were remembered, and the one that the person is in. Each may be used with the name that counts here, too. */
function projects(context: Context, definitions: Definitions): Place[] {
  const own = ownPinFileName(context)
  const known = knownProjects(context)
  const here = findProject(context, definitions)?.root
  const isNew = here !== undefined && !known.some(({root}) => root === here)
  return [
    ...known.map(one => ({...one, pinFiles: [...new Set([...one.pinFiles, own])]})),
    ...(isNew ? [{root: here, pinFiles: [own], away: false}] : []),
  ]
}

/** A project may define toolchains of its own. */
async function definitionsOf(there: Context, definitions: Definitions): Promise<Definitions> {
  return projectDefinitionFiles(there).length > 0 ? loadDefinitions(there) : definitions
}

/** What somebody sees who works in another project: without what variables say to this one. */
function inProject(context: Context, root: string, pinFile: string): Context {
  return {...context, cwd: root, env: {...withoutVersions(context.env), TOOL_VERSION_FILE: pinFile}}
}

function withoutVersions(env: Environment): Environment {
  const own = /^TOOL_(?:DIR|(?:\w+_)?VERSION)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)))
}

/** The folder of the version that serves a pin; none where nothing does, as for a toolchain that nobody knows. */
function directoryOf(context: Context, definitions: Definitions, pin: Pin, doubt: Doubt): string {
  try {
    const resolved = resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin)
    return resolved.via === 'store' ? resolved.installed.directory : ''
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    context.log.debug(`${context.cwd}: ${error.message}`)
    // Without a sound definition the pin means one of those that are installed, and nobody can say which.
    if (error.code === 'DEFINITION_INVALID' && existsSync(context.layout.toolchain(pin.toolchain)))
      doubt(context.cwd, `what is pinned in ${context.cwd} is not known: ${error.message}`)
    return ''
  }
}

/** What somebody else wrote may be wrong, which is no reason to know nothing of the rest. */
function attempt<T>(doubt: Doubt, where: string, read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    doubt(where, `what is pinned in ${where} is not known: ${error.message}`)
    return []
  }
}

interface Needed {
  directory: string
  use: Use
}

/** What the lock files of a project name, also where its pins say something else by now. */
function lockedIn(context: Context, root: string, doubt: Doubt): Needed[] {
  return [...ancestors(root)].flatMap(folder => {
    const path = lockPath(folder, context)
    const entries = attempt(doubt, folder, () => readLock(path, context)?.entries ?? [])
    return entries.map(({toolchain, version, line}) => ({
      directory: context.layout.version(toolchain, version),
      use: {kind: 'lock', origin: {kind: 'file', path, line}} as const,
    }))
  })
}

async function supervised(context: Context, doubt: Doubt): Promise<Needed[]> {
  const all = await Promise.all(liveRecords(context.layout).map(record => workersOf(context, record, doubt)))
  return all.flat()
}

async function workersOf(context: Context, record: ControlRecord, doubt: Doubt): Promise<Needed[]> {
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
    doubt(record.root, `${record.root}: its supervisor does not say what it runs: ${messageOf(error)}`)
    return []
  }
}
