import type {DiagnosticsReaderDefinition} from '../model/definition.ts'
import {Severity} from '../model/diagnostic.ts'
import type {Interpreter} from '../model/interpreter.ts'
import {Status, type WorkerMessage} from '../model/protocol.ts'
import {plainLine, streamParsers} from './interpreter.ts'
import type {Parsed, ParserPlace} from './parser.ts'
import {Publisher} from './publisher.ts'

export interface RunsOptions extends ParserPlace {
  /** Absent: only the borders of runs are read. */
  diagnostics: DiagnosticsReaderDefinition | undefined
  /** What a run is called. */
  title: string
  /** What one process remembers for the next. */
  memory: RunsMemory
}

/** The lines of output around a run, as regular expressions. */
export interface RunBorders {
  /** Absent: a run begins with the first line after the last one's end. */
  begins?: string | undefined
  ends: string
}

/** What earlier runs said, and how many there were. */
export interface RunsMemory {
  publisher: Publisher
  runs: number
}

/** Begins with no runs. */
export function runsMemory(): RunsMemory {
  return {publisher: new Publisher(), runs: 0}
}

/**
 * Reads a compiler of which each process is a run: a task, whose diagnostics replace those of the run before.
 */
export function processRuns(options: RunsOptions): Interpreter {
  const runs = new Runs(options)
  return {
    begin: () => runs.begin(),
    line: (stream, text) => runs.read(stream, text),
    // What was ended from outside is closed by who ended it.
    end: ({code}) => [...runs.flush(), ...(code === null ? [] : runs.end(code !== 0))],
  }
}

/**
 * Reads a compiler that watches: each of its runs is a task, whose diagnostics replace those of the run before. The
 * first run begins with the process.
 */
export function watchedRuns(options: RunsOptions, {begins, ends}: RunBorders): Interpreter {
  const [beginning, ending] = [begins === undefined ? undefined : regexp(begins), regexp(ends)]
  // Of what an earlier process said nothing stands any more.
  options.memory.publisher = new Publisher()
  const runs = new Runs(options)
  // Whether the run that is open has said so itself.
  let announced = false
  const begin = (): WorkerMessage[] => {
    announced = false
    return runs.begin()
  }
  return {
    begin,
    line(stream, text) {
      const plain = plainLine(text)
      if (ending.test(plain))
        return [...runs.open(), ...runs.read(stream, text), ...runs.flush(), ...runs.end(false)]
      if (beginning?.test(plain)) {
        // One that was broken off for this one leaves no word.
        const begun = announced || !runs.isOpen ? begin() : []
        announced = true
        return [...begun, ...runs.read(stream, text)]
      }
      return [...(beginning ? [] : runs.open()), ...runs.read(stream, text)]
    },
    end: () => runs.flush(),
  }
}

const regexp = (text: string) => new RegExp(text, 'u')

/** The runs of one process. */
class Runs {
  readonly #options: RunsOptions
  readonly #parsers
  #taskId: string | undefined
  #hasErrors = false

  constructor(options: RunsOptions) {
    this.#options = options
    this.#parsers = options.diagnostics && streamParsers(options.diagnostics, options)
  }

  get isOpen(): boolean {
    return this.#taskId !== undefined
  }

  /** Begins a run, unless one is open. */
  open(): WorkerMessage[] {
    return this.isOpen ? [] : this.begin()
  }

  begin(): WorkerMessage[] {
    const broken = this.#finish(Status.cancelled)
    const {memory, title} = this.#options
    memory.runs += 1
    this.#taskId = `run-${memory.runs}`
    this.#hasErrors = false
    memory.publisher.begin()
    return [...broken, {method: 'task/start', params: {taskId: this.#taskId, title}}]
  }

  read(stream: 'stdout' | 'stderr', text: string): WorkerMessage[] {
    return this.#parsers ? this.#publish(this.#parsers.line(stream, text)) : []
  }

  /** What was begun and is now complete, since no line of it follows. */
  flush(): WorkerMessage[] {
    return this.#parsers ? this.#publish(this.#parsers.end()) : []
  }

  end(failed: boolean): WorkerMessage[] {
    if (!this.isOpen) return []
    const cleared = this.#options.memory.publisher.take([{kind: 'run-ended'}])
    return [...cleared, ...this.#finish(failed || this.#hasErrors ? Status.error : Status.ok)]
  }

  #finish(status: 1 | 2 | 3): WorkerMessage[] {
    const taskId = this.#taskId
    this.#taskId = undefined
    return taskId === undefined ? [] : [{method: 'task/finish', params: {taskId, status}}]
  }

  /** The borders of runs are those that this one is told, not what else a format may know of them. */
  #publish(parsed: readonly Parsed[]): WorkerMessage[] {
    const found = parsed.filter(item => item.kind === 'found')
    if (found.length === 0) return []
    const opened = this.open()
    this.#hasErrors ||= found.some(
      ({found: {diagnostic}}) => (diagnostic.severity ?? Severity.error) === Severity.error,
    )
    return [...opened, ...this.#options.memory.publisher.take(found)]
  }
}
