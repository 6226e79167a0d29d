import {existsSync, readFileSync, statSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {errnoOf, messageOf} from '../base/errors.ts'
import {makeDirectory, writeFileAtomic} from '../base/files.ts'
import {realPathIfAny} from '../base/real-path.ts'

/** A project that this home was used for. */
export interface KnownProject {
  /** Without symbolic links. */
  root: string
  /** When, to a day. */
  used: Date
}

/** Root folders, each with the time of its last use as ISO 8601. */
type Projects = Record<string, string>

/** Ms for which a use is not written down again. */
const day = 24 * 60 * 60_000
/** Ms after which another process that holds the file is not waited for: being remembered is worth no more. */
const patience = 5000

/**
 * Writes down that a project is used, so that nothing it pins is removed as needless. Costs the reading of one small
 * file, unless the project is new or was last used a day ago. Never rejects: who can't write is not remembered.
 */
export async function rememberProject(context: Context, root: string): Promise<void> {
  try {
    const known = read(context)
    if (isFresh(known[root])) return
    const real = realPathIfAny(root)
    if (real === undefined || isFresh(known[real])) return
    // Where there is no home, there is nothing in it that could be removed.
    if (existsSync(context.layout.home)) await write(context, real)
  } catch (error) {
    context.log.debug(`the project is not remembered: ${messageOf(error)}`)
  }
}

/** The projects that are still there, by their roots. */
export function knownProjects(context: Context): KnownProject[] {
  return Object.entries(read(context))
    .filter(([root]) => !isGone(root))
    .map(([root, used]) => ({root, used: new Date(Date.parse(used) || 0)}))
    .sort((a, b) => (a.root < b.root ? -1 : 1))
}

async function write(context: Context, root: string): Promise<void> {
  const {layout} = context
  const {acquireLock} = await import('../process/lock.ts')
  makeDirectory(layout.locks)
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patience)])
  // Of many that add their project at once, each must see what the others wrote.
  await using _lock = await acquireLock(layout.lock('projects'), {signal})
  const kept = Object.entries(read(context)).filter(([other]) => !isGone(other))
  const projects = Object.fromEntries([...kept, [root, new Date().toISOString()]])
  writeFileAtomic(layout.projects, `${JSON.stringify({schema: 1, projects}, undefined, 2)}\n`, 0o600)
}

/** Empty where there is no such file, or one that nobody can make sense of: it is replaced then. */
function read({layout, log}: Context): Projects {
  try {
    return projectsIn(JSON.parse(readFileSync(layout.projects, 'utf8')))
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') log.debug(`${layout.projects}: ${messageOf(error)}`)
    return {}
  }
}

function projectsIn(document: unknown): Projects {
  const {projects} = (document ?? {}) as {projects?: unknown}
  if (typeof projects !== 'object' || projects === null) return {}
  return Object.fromEntries(
    Object.entries(projects).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function isFresh(used: string | undefined): boolean {
  const age = used === undefined ? Number.NaN : Date.now() - Date.parse(used)
  return age >= 0 && age < day
}

/** One that only can't be looked at may come back, as on a disk that is away. */
function isGone(root: string): boolean {
  try {
    return !statSync(root).isDirectory()
  } catch (error) {
    return errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR'
  }
}
