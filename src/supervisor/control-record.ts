import {lstatSync, rmSync, type Stats} from 'node:fs'
import {join} from 'node:path'
import {errnoOf} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import type {Layout} from '../base/layout.ts'
import {namesIn} from '../base/names-in.ts'
import {isAlive, type ProcessIdentity} from '../process/identity.ts'
import {refuseOthers} from './other-users.ts'

export const recordFile = 'supervisor.json'

/** `supervisor.json`, by which others find the supervisor of a project. */
export interface ControlRecord {
  /** The supervisor's process. */
  process: ProcessIdentity
  instance: string
  /** What `initialize` on the control socket must show. */
  token: string
  socket: string
  /** Release of the supervisor. */
  version: string
  /** The project root that it serves. */
  root: string
  /** Milliseconds since the epoch. */
  started: number
  /** Set if it outlives the terminal that it was started in. */
  detached?: boolean
}

/**
 * The record of a supervisor that lives; undefined for what a crash or a reboot left there.
 * @throws UserError SUPERVISOR_OF_OTHER_USER
 */
export function readRecord(layout: Layout, projectRoot: string): ControlRecord | undefined {
  refuseOthers(layout, projectRoot)
  return readLiving(recordPath(layout, projectRoot))
}

/** The records of all supervisors of a home that live. */
export function liveRecords({runs}: Layout): ControlRecord[] {
  return namesIn(runs)
    .map(name => readLiving(join(runs, name, recordFile)))
    .filter(record => record !== undefined)
}

/** The names of the folders in which supervisors left a record who are no more. */
export function foldersOfDead(layout: Layout): string[] {
  return namesIn(layout.runs).filter(folder => deadRecord(layout, folder) !== undefined)
}

/** The record that a supervisor left in its folder who is no more. */
export function deadRecord({runs}: Layout, folder: string): ControlRecord | undefined {
  const record = readOwn(join(runs, folder, recordFile))
  return record && !isAlive(record.process) ? record : undefined
}

function readLiving(path: string): ControlRecord | undefined {
  const record = readOwn(path)
  return record && isAlive(record.process) ? record : undefined
}

function readOwn(path: string): ControlRecord | undefined {
  return isPrivate(path) ? parse(readTextIfAny(path)) : undefined
}

export function writeRecord(layout: Layout, projectRoot: string, record: ControlRecord): void {
  writeFileAtomic(recordPath(layout, projectRoot), `${JSON.stringify(record, undefined, 2)}\n`, 0o600)
}

/** Removes the record from a supervisor's folder, if it is still that one's. */
export function removeRecord(folder: string, instance: string): void {
  const path = join(folder, recordFile)
  if (parse(readTextIfAny(path))?.instance === instance) rmSync(path, {force: true})
}

/** Where the record of a project's supervisor is, if there is one. */
export function recordPath(layout: Layout, projectRoot: string): string {
  return join(layout.run(projectRoot), recordFile)
}

/** Only a file that nobody else can have written, or read the token of, is believed. */
function isPrivate(path: string): boolean {
  if (process.platform === 'win32') return true
  const stats = statsOf(path)
  return stats?.isFile() === true && (stats.mode & 0o077) === 0 && stats.uid === process.getuid?.()
}

/** Undefined also where another user's folder hides what is there: it is none of this person's. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, {throwIfNoEntry: false})
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return undefined
    throw error
  }
}

function parse(text: string | undefined): ControlRecord | undefined {
  try {
    const record: unknown = JSON.parse(text ?? 'null')
    return isRecord(record) ? record : undefined
  } catch {
    return undefined
  }
}

/** By hand, since who only asks for a port should not wait for a schema library. */
function isRecord(value: unknown): value is ControlRecord {
  if (!isObject(value) || !isObject(value.process)) return false
  const {process: owner} = value
  return (
    Number.isSafeInteger(owner.pid) &&
    hasTexts(owner, ['startTime', 'bootId']) &&
    hasTexts(value, ['instance', 'token', 'socket', 'version', 'root']) &&
    typeof value.started === 'number'
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function hasTexts(value: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every(name => typeof value[name] === 'string')
}
