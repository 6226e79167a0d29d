import {closeSync, fstatSync, openSync, readdirSync, readSync, statSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {StringDecoder} from 'node:string_decoder'
import {setTimeout as delay} from 'node:timers/promises'
import {type LogRecord, logName, readRecord} from './log-record.ts'

export interface LogReader extends Disposable {
  /** The lines that came since it was asked before, in the order of their times. */
  next(): LogRecord[]
}

/** How often is looked for new lines, in ms. */
const pace = 100
const chunk = 64 * 1024

/**
 * Reads the logs of a project from their beginning, also while they are written to and put aside.
 * @param label of the one worker that is meant; else all
 */
export function openLogs(directory: string, label?: string): LogReader {
  const wanted = label === undefined ? undefined : logName(label)
  const logs = new Map<string, LogCursor>()
  return {
    next() {
      for (const name of namesIn(directory)) {
        // What a supervisor in the background writes itself has another form.
        if (!name.endsWith('.log') || name === 'supervisor.log' || logs.has(name)) continue
        if (wanted === undefined || name === wanted) logs.set(name, new LogCursor(join(directory, name)))
      }
      // Sorting is stable: lines of the same moment stay in the order of their worker.
      return [...logs.values()].flatMap(cursor => cursor.next()).sort((a, b) => a.at - b.at)
    },
    [Symbol.dispose]() {
      for (const cursor of logs.values()) cursor.close()
    },
  }
}

/**
 * Hands on new lines as they come, until `ended` resolves and the last ones are handed on.
 * @throws the signal's reason
 */
export async function followLogs(
  reader: LogReader,
  onRecords: (records: LogRecord[]) => void,
  {ended, signal}: {ended: Promise<unknown>; signal: AbortSignal},
): Promise<void> {
  let isOver = false
  const over = ended.then(() => {
    isOver = true
  })
  for (;;) {
    const wasOver = isOver
    const records = reader.next()
    if (records.length > 0) onRecords(records)
    if (wasOver) return
    await Promise.race([delay(pace, undefined, {signal}).catch(() => {}), over])
    signal.throwIfAborted()
  }
}

/** One worker's log with those put aside: the file that is read is held open, whatever its name is by now. */
class LogCursor {
  readonly #path: string
  readonly #label: string
  #records: LogRecord[] = []
  #file: OpenFile | undefined

  constructor(path: string) {
    this.#path = path
    this.#label = basename(path, '.log')
  }

  next(): LogRecord[] {
    this.#file ??= this.#openNext(oldest)
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
      return {descriptor, inode: fstatSync(descriptor).ino, decoder: new StringDecoder('utf8'), rest: ''}
    } catch {
      // It was put aside, or deleted, just now.
      return undefined
    }
  }

  #read(file: OpenFile): void {
    const bytes = Buffer.alloc(chunk)
    for (let read = -1; read !== 0; ) {
      read = readSync(file.descriptor, bytes)
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
  decoder: StringDecoder
  /** Of a line whose end is not written yet. */
  rest: string
}

const oldest = 'oldest'

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
