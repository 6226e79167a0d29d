import {lstatSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {z} from 'zod'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import type {Layout} from '../base/layout.ts'
import {isAlive} from '../process/identity.ts'

const recordFile = 'supervisor.json'

const schema = z.object({
  /** The supervisor's process. */
  process: z.object({pid: z.int(), startTime: z.string(), bootId: z.string()}),
  instance: z.string(),
  /** What `initialize` on the control socket must show. */
  token: z.string(),
  socket: z.string(),
  /** Release of the supervisor. */
  version: z.string(),
  /** The project root that it serves. */
  root: z.string(),
  /** Milliseconds since the epoch. */
  started: z.number(),
})

/** `supervisor.json`, by which others find the supervisor of a project. */
export type ControlRecord = z.infer<typeof schema>

/** The record of a supervisor that lives; undefined for what a crash, a reboot or somebody else left there. */
export function readRecord(layout: Layout, projectRoot: string): ControlRecord | undefined {
  return readLiving(pathOf(layout, projectRoot))
}

/** The records of all supervisors of a home that live. */
export function liveRecords({runs}: Layout): ControlRecord[] {
  return foldersIn(runs)
    .map(name => readLiving(join(runs, name, recordFile)))
    .filter(record => record !== undefined)
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    // Nothing has run yet, or who may not look there has no supervisors.
    return []
  }
}

function readLiving(path: string): ControlRecord | undefined {
  if (!isPrivate(path)) return undefined
  const record = parse(readTextIfAny(path))
  return record && isAlive(record.process) ? record : undefined
}

export function writeRecord(layout: Layout, projectRoot: string, record: ControlRecord): void {
  writeFileAtomic(pathOf(layout, projectRoot), `${JSON.stringify(record, undefined, 2)}\n`, 0o600)
}

/** Removes the record, if it is still that supervisor's. */
export function removeRecord(layout: Layout, projectRoot: string, instance: string): void {
  const path = pathOf(layout, projectRoot)
  if (parse(readTextIfAny(path))?.instance === instance) rmSync(path, {force: true})
}

function pathOf(layout: Layout, projectRoot: string): string {
  return join(layout.run(projectRoot), recordFile)
}

/** Only a file that nobody else can have written, or read the token of, is believed. */
function isPrivate(path: string): boolean {
  if (process.platform === 'win32') return true
  const stats = lstatSync(path, {throwIfNoEntry: false})
  return stats?.isFile() === true && (stats.mode & 0o077) === 0 && stats.uid === process.getuid?.()
}

function parse(text: string | undefined): ControlRecord | undefined {
  if (text === undefined) return undefined
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
