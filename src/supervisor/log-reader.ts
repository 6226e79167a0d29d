import {closeSync, fstatSync, openSync, readdirSync, readSync, statSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {StringDecoder} from 'node:string_decoder'
import {setTimeout as delay} from 'node:timers/promises'
import {type LogRecord, logName, readRecord, supervisorLog} from './log-record.ts'

export interface LogReader extends Disposable {
  /** The lines that came since it was asked before, in the order of their times. */
  next(): LogRecord[]
}

/** How often is looked for new lines, in ms. */
const pace = 100
const chunk = 64 * 1024

export interface LogSelection {
  /** Only of these; else all. */
  labels?: readonly string[] | undefined
  /** Begins with so many of the last lines that each worker has said by the first look; else with the first that is kept. */
  last?: number | undefined
}

/** Reads the logs of a project, also while they are written to and put aside. */
export function openLogs(directory: string, {labels, last}: LogSelection = {}): LogReader {
  const wanted = labels && new Set(labels.map(logName))
  const logs = new Map<string, LogCursor>()
  let isFirst = true
  return {
    next() {
      const fresh = logNames(directory).filter(name => !logs.has(name) && (wanted?.has(name) ?? true))
      for (const name of fresh)
        logs.set(name, new LogCursor(join(directory, name), isFirst ? last : undefined))
      isFirst = false
      // Sorting is stable: lines of the same moment stay in the order of their worker.
      return [...logs.values()].flatMap(cursor => cursor.next()).sort((a, b) => a.at - b.at)
    },
    [Symbol.dispose]() {
      for (const cursor of logs.values()) cursor.close()
    },
  }
}

/** Those of workers, also where one was put aside just now: what a supervisor in the background writes has another form. */
function logNames(directory: string): string[] {
  const names = namesIn(directory).flatMap(name => /^.+\.log(?=(?:\.\d+)?$)/.exec(name)?.[0] ?? [])
  return [...new Set(names)].filter(name => name !== supervisorLog)
}

/**
 * Hands on new lines as they come, when those before are taken, until `ended` resolves and the last ones are handed on.
 * @throws the signal's reason
 */
export async function followLogs(
  reader: LogReader,
  onRecords: (records: LogRecord[]) => unknown,
  {ended, signal}: {ended: Promise<unknown>; signal: AbortSignal},
): Promise<void> {
  let isOver = false
  const over = ended.then(() => {
    isOver = true
  })
  for (;;) {
    const wasOver = isOver
    const records = reader.next()
    if (records.length > 0) await onRecords(records)
    if (wasOver) return
    await Promise.race([delay(pace, undefined, {signal}).catch(() => {}), over])
    signal.throwIfAborted()
  }
}

/** One worker's log with those put aside: the file that is read is held open, whatever its name is by now. */
class LogCursor {
  readonly #path: string
  readonly #label: string
  readonly #last: number | undefined
  #records: LogRecord[] = []
  #file: OpenFile | undefined

  constructor(path: string, last: number | undefined) {
    this.#path = path
    this.#label = basename(path, '.log')
    this.#last = last
  }

  next(): LogRecord[] {
    this.#file ??= this.#last === undefined ? this.#openNext(oldest) : this.#openLast(this.#last)
    for (let file = this.#file; file !== undefined; ) {
      this.#read(file)
      const next = this.#openNext(file)
      if (next === undefined) break
      // It may have grown until it was put aside.
      this.#read(file)
      closeSync(file.descriptor)
      this.#file = next
      file = next
    }
    return this.#records.splice(0)
  }

  close(): void {
    if (this.#file) closeSync(this.#file.descriptor)
    this.#file = undefined
  }

  /** The next younger one: numbers fall towards the present. */
  #openNext(after: OpenFile | typeof oldest): OpenFile | undefined {
    const paths = [...this.#aside(), this.#path]
    const at = paths.findIndex(path => after !== oldest && inodeOf(path) === after.inode)
    // One that is not there any more was deleted: what is there then is all younger.
    for (const path of paths.slice(at + 1)) {
      const file = this.#open(path)
      if (file !== undefined) return file
    }
    return undefined
  }

  /** The one in which the last lines begin, at the first of them. */
  #openLast(count: number): OpenFile | undefined {
    let found: OpenFile | undefined
    let missing = count
    for (const path of [...this.#aside(), this.#path].reverse()) {
      const file = this.#open(path)
      // One that was put aside meanwhile is met again under its new name.
      if (file === undefined || file.inode === found?.inode) {
        if (file !== undefined) closeSync(file.descriptor)
        continue
      }
      if (found !== undefined) closeSync(found.descriptor)
      found = file
      missing -= seekLast(file, missing)
      if (missing === 0) break
    }
    return found
  }

  #aside(): string[] {
    const directory = dirname(this.#path)
    const base = `${basename(this.#path)}.`
    return namesIn(directory)
      .filter(name => name.startsWith(base) && /^\d+$/.test(name.slice(base.length)))
      .sort((a, b) => Number(b.slice(base.length)) - Number(a.slice(base.length)))
      .map(name => join(directory, name))
  }

  #open(path: string): OpenFile | undefined {
    try {
      const descriptor = openSync(path, 'r')
      const decoder = new StringDecoder('utf8')
      return {descriptor, inode: fstatSync(descriptor).ino, position: 0, decoder, rest: ''}
    } catch {
      // It was put aside, or deleted, just now.
      return undefined
    }
  }

  #read(file: OpenFile): void {
    const bytes = Buffer.alloc(chunk)
    for (let read = -1; read !== 0; ) {
      read = readSync(file.descriptor, bytes, 0, chunk, file.position)
      file.position += read
      const lines = (file.rest + file.decoder.write(bytes.subarray(0, read))).split('\n')
      file.rest = lines.pop() ?? ''
      for (const line of lines) {
        const record = readRecord(line, this.#label)
        if (record) this.#records.push(record)
      }
    }
  }
}

interface OpenFile {
  descriptor: number
  inode: number
  /** Where is read next. */
  position: number
  decoder: StringDecoder
  /** Of a line whose end is not written yet. */
  rest: string
}

const oldest = 'oldest'

/** Goes to the last lines of a file, as far as they are whole. @returns how many there are, `count` at most */
function seekLast(file: OpenFile, count: number): number {
  const bytes = Buffer.alloc(chunk)
  const lineEnd = 0x0a
  let found = -1
  for (let start = fstatSync(file.descriptor).size; start > 0; ) {
    const length = Math.min(chunk, start)
    start -= length
    readSync(file.descriptor, bytes, 0, length, start)
    for (
      let at = bytes.lastIndexOf(lineEnd, length - 1);
      at >= 0;
      at = at > 0 ? bytes.lastIndexOf(lineEnd, at - 1) : -1
    ) {
      found += 1
      if (found < count) continue
      file.position = start + at + 1
      return count
    }
  }
  // What is before the first line end is a line, too.
  return Math.min(count, found + 1)
}

function inodeOf(path: string): number | undefined {
  return statSync(path, {throwIfNoEntry: false})?.ino
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    // Nothing has run yet.
    return []
  }
}
