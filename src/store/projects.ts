import {existsSync, readFileSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
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
  /** What its pin files were called when it was used. */
  pinFiles: readonly string[]
  /** Its folder is not there now, and may come back: what it pins can't be known. */
  away: boolean
}

/** What is written down of a project. */
interface Entry {
  /** Time of the last use as ISO 8601. */
  used: string
  pinFiles: readonly string[]
}

/** By root folders. */
type Projects = Record<string, Entry>

/** Ms for which a use is not written down again. */
const day = 24 * 60 * 60_000
/** Ms after which a project whose folder is away, with all around it, is taken for gone. */
const longAway = 90 * day
/** What a pin file is called unless `TOOL_VERSION_FILE` says otherwise; an entry that names nothing else is its time alone. */
const usual = '.toolversion'
/** Ms after which another process that holds the file is not waited for: being remembered is worth no more. */
const patience = 5000

/**
 * Writes down that a project is used, so that nothing it pins is removed as needless. Costs the reading of one small
 * file, unless the project is new or was last used a day ago. Never rejects: who can't write is not remembered.
 */
export async function rememberProject(context: Context, root: string): Promise<void> {
  try {
    const document = readDocument(context)
    const isKnown = (path: string) => isFresh(entryOf(fieldsOf(document)[path]), name)
    const name = context.env.TOOL_VERSION_FILE || usual
    if (isKnown(root)) return
    const real = realPathIfAny(root)
    if (real === undefined || isKnown(real)) return
    // Where there is no home, there is nothing in it that could be removed.
    if (existsSync(context.layout.home)) await write(context, projects => withUse(projects, real, name))
  } catch (error) {
    context.log.debug(`the project is not remembered: ${messageOf(error)}`)
  }
}

/** The projects that are not gone, by their roots. */
export function knownProjects(context: Context): KnownProject[] {
  return Object.entries(read(context))
    .map(([root, entry]) => ({root, entry, place: placeOf(root, entry)}))
    .filter(({place}) => place !== 'gone')
    .map(({root, entry, place}) => ({
      root,
      used: new Date(timeOf(entry)),
      pinFiles: entry.pinFiles,
      away: place === 'away',
    }))
    .sort((a, b) => (a.root < b.root ? -1 : 1))
}

/** Why the list of projects can't be made sense of; undefined where it can, or where there is none. */
export function projectsProblem({layout}: Context): string | undefined {
  try {
    projectsIn(JSON.parse(readFileSync(layout.projects, 'utf8')))
    return undefined
  } catch (error) {
    return errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR' ? undefined : messageOf(error)
  }
}

/** Forgets the projects whose folders are away. Never rejects: what can't be written stays. */
export async function forgetAway(context: Context): Promise<void> {
  try {
    if (!knownProjects(context).some(({away}) => away)) return
    await write(context, projects =>
      Object.fromEntries(
        Object.entries(projects).filter(([root, entry]) => placeOf(root, entry) === 'there'),
      ),
    )
  } catch (error) {
    context.log.debug(`no project is forgotten: ${messageOf(error)}`)
  }
}

async function write(context: Context, change: (projects: Projects) => Projects): Promise<void> {
  const {layout} = context
  const {acquireLock} = await import('../process/lock.ts')
  makeDirectory(layout.locks)
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patience)])
  // Of many that add their project at once, each must see what the others wrote.
  await using _lock = await acquireLock(layout.lock('projects'), {signal})
  const kept = Object.entries(read(context)).filter(([root, entry]) => placeOf(root, entry) !== 'gone')
  const written = Object.entries(change(Object.fromEntries(kept))).map(([root, {used, pinFiles}]) => [
    root,
    // As releases before this one wrote it, and read it.
    pinFiles.every(name => name === usual) ? used : {used, pinFiles},
  ])
  const projects = Object.fromEntries(written)
  writeFileAtomic(layout.projects, `${JSON.stringify({schema: 1, projects}, undefined, 2)}\n`, 0o600)
}

function withUse(projects: Projects, root: string, name: string): Projects {
  const {[root]: before, ...others} = projects
  const pinFiles = [...new Set([...(before?.pinFiles ?? []), name])]
  return {...others, [root]: {used: new Date().toISOString(), pinFiles}}
}

/** Empty where there is no such file, or one that nobody can make sense of: it is replaced then. */
function read(context: Context): Projects {
  return projectsIn(readDocument(context))
}

function readDocument({layout, log}: Context): unknown {
  try {
    return JSON.parse(readFileSync(layout.projects, 'utf8'))
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') log.debug(`${layout.projects}: ${messageOf(error)}`)
    return undefined
  }
}

/** What the file says of each project, by its root. */
function fieldsOf(document: unknown): Readonly<Record<string, unknown>> {
  const {projects} = (document ?? {}) as {projects?: unknown}
  return typeof projects === 'object' && projects !== null ? (projects as Record<string, unknown>) : {}
}

function projectsIn(document: unknown): Projects {
  return Object.fromEntries(
    Object.entries(fieldsOf(document)).flatMap(([root, value]) => {
      const entry = entryOf(value)
      return entry === undefined ? [] : [[root, entry]]
    }),
  )
}

function entryOf(value: unknown): Entry | undefined {
  if (typeof value === 'string') return {used: value, pinFiles: [usual]}
  if (typeof value !== 'object' || value === null) return undefined
  const {used, pinFiles} = value as Record<string, unknown>
  if (typeof used !== 'string' || !Array.isArray(pinFiles)) return undefined
  return {used, pinFiles: pinFiles.filter(isFileName)}
}

function isFileName(name: unknown): name is string {
  return typeof name === 'string' && !/[/\\\0]/.test(name) && !['', '.', '..'].includes(name)
}

function timeOf({used}: Entry): number {
  return Date.parse(used) || 0
}

function isFresh(entry: Entry | undefined, pinFile: string): boolean {
  if (!entry?.pinFiles.includes(pinFile)) return false
  const age = Date.now() - timeOf(entry)
  return age >= 0 && age < day
}

/**
 * Who removes a project leaves the folder that it was in; a disk that is away takes that along. What may come back is
 * waited for, but not for ever. One that only can't be looked at is there.
 */
function placeOf(root: string, entry: Entry): 'there' | 'away' | 'gone' {
  try {
    return statSync(root).isDirectory() ? 'there' : 'gone'
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return 'gone'
    if (errnoOf(error) !== 'ENOENT') return 'there'
    return existsSync(dirname(root)) || Date.now() - timeOf(entry) > longAway ? 'gone' : 'away'
  }
}
