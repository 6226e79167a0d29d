import {closeSync, fstatSync, mkdirSync, openSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {errnoOf} from '../base/errors.ts'
import {rename} from '../base/rename.ts'
import {atExit} from '../process/at-exit.ts'
import {type LogRecord, logName, printRecord} from './log-record.ts'

export interface LogFilesOptions {
  /** Made, for nobody else to read. */
  directory: string
  /** Bytes after which a file is put aside; it may pass that by what is written at a time. */
  maxSize?: number
  /** How many files there are of a worker, with the one that is written to. */
  count?: number
  /** Called once, where they can't be written. The lines are lost then. */
  onError(error: unknown): void
}

/** Logs of workers, one file each, the last lines always there: `esbuild.log`, before it `esbuild.log.1`, … */
export interface LogFiles {
  /** It is on disk after the current turn of the event loop, or when the process ends, whatever ends it but SIGKILL. */
  write(record: Pick<LogRecord, 'label' | 'stream' | 'text'>): void
  /** Writes what is there at once. */
  flush(): void
  close(): void
}

/** What waits at most to be written, in UTF-16 units. */
const most = 64 * 1024
/** Bytes that are written at a time; a longer line is written by itself. */
const blockSize = 64 * 1024

export function openLogFiles({
  directory,
  maxSize = 5_000_000,
  count = 3,
  onError,
}: LogFilesOptions): LogFiles {
  const files = new Map<string, LogFile>()
  // One for all, used again and again: under a flood new ones would pile up until they are collected.
  const block = Buffer.allocUnsafe(blockSize)
  const now = timeTeller()
  let failed = false
  const attempt = (action: () => void) => {
    try {
      action()
    } catch (error) {
      if (!failed) onError(error)
      failed = true
    }
  }
  /** Set while a flush is scheduled. */
  let unschedule: (() => void) | undefined
  const flush = () => {
    unschedule?.()
    unschedule = undefined
    for (const file of files.values()) attempt(() => file.flush())
  }
  return {
    write(record) {
      const name = logName(record.label)
      const file = files.get(name) ?? new LogFile(directory, name, {maxSize, count, block})
      files.set(name, file)
      const isFull = file.add(printRecord(record, now()))
      if (isFull) attempt(() => file.flush())
      else if (!unschedule) {
        unschedule = atExit(flush)
        setImmediate(flush)
      }
    },
    flush,
    close() {
      flush()
      for (const file of files.values()) file.close()
      files.clear()
    },
  }
}

class LogFile {
  readonly #path: string
  readonly #directory: string
  readonly #limits: {maxSize: number; count: number}
  readonly #block: Buffer
  #pending: string[] = []
  #length = 0
  #descriptor: number | undefined
  #size = 0

  constructor(
    directory: string,
    name: string,
    {block, ...limits}: {maxSize: number; count: number; block: Buffer},
  ) {
    this.#directory = directory
    this.#path = join(directory, name)
    this.#limits = limits
    this.#block = block
  }

  /** Whether it is time to flush. */
  add(text: string): boolean {
    this.#pending.push(text)
    this.#length += text.length
    return this.#length > most
  }

  /** Synchronously: who prints faster than the disk takes it waits, instead of filling the memory. */
  flush(): void {
    if (this.#pending.length === 0) return
    const texts = this.#pending
    this.#pending = []
    this.#length = 0
    this.#descriptor ??= this.#open()
    let used = 0
    for (const text of texts) {
      // A unit takes three bytes at most.
      if (text.length * 3 > blockSize - used) {
        this.#write(this.#block.subarray(0, used))
        used = 0
      }
      if (text.length * 3 > blockSize) this.#write(Buffer.from(text))
      else used += this.#block.write(text, used)
    }
    this.#write(this.#block.subarray(0, used))
    if (this.#size >= this.#limits.maxSize) this.#rotate()
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #write(bytes: Uint8Array): void {
    if (this.#descriptor === undefined) throw new Error(`${this.#path} is not open`)
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at)
    this.#size += bytes.length
  }

  #open(): number {
    mkdirSync(this.#directory, {recursive: true, mode: 0o700})
    const descriptor = openSync(this.#path, 'a', 0o600)
    this.#size = fstatSync(descriptor).size
    return descriptor
  }

  #rotate(): void {
    this.close()
    for (let number = this.#limits.count - 1; number > 0; number--) {
      const younger = number === 1 ? this.#path : `${this.#path}.${number - 1}`
      renameIfAny(younger, `${this.#path}.${number}`)
    }
  }
}

function renameIfAny(from: string, to: string): void {
  try {
    rename(from, to)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}

/** A flood has many lines a millisecond, and printing the time is dear. */
function timeTeller(): () => string {
  let last = {at: 0, text: ''}
  return () => {
    const at = Date.now()
    if (at !== last.at) last = {at, text: new Date(at).toISOString()}
    return last.text
  }
}
