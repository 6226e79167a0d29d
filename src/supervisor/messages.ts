import {messageOf} from '../base/errors.ts'
import type {EventBody, Exit} from '../model/event.ts'
import type {Interpreter} from '../model/interpreter.ts'
import type {StatusCode, WorkerMessage} from '../model/protocol.ts'
import type {Clock} from '../process/clock.ts'
import {splitLines} from '../process/lines.ts'
import {Books} from './books.ts'
import {Servers} from './servers.ts'
import type {LogLine, WorkerSpec} from './types.ts'

export type Print = (line: Pick<LogLine, 'stream' | 'level' | 'text'>) => void

interface MessagesListener {
  clock: Clock
  publish(event: EventBody): void
  print: Print
  /** A task was finished. */
  onFinished(): void
  /** A server was announced. */
  onOpened(url: string): void
  /** A server was claimed that doesn't answer. */
  onSilent(url: string): void
}

/** All that one process says, by its socket or by its output, on the way to becoming events. */
export class Messages {
  readonly #listener: MessagesListener
  readonly #interpreter: Interpreter | undefined
  readonly #books: Books
  readonly #servers: Servers

  constructor({interpreter, readiness}: WorkerSpec, listener: MessagesListener) {
    const timeout = readiness.by === 'server' ? readiness.timeout : undefined
    this.#listener = listener
    this.#interpreter = interpreter?.()
    this.#books = new Books(listener.publish)
    const onTooMany = (most: number) => {
      const text = `it says that it has more than ${most} servers; only those are looked at`
      listener.print({stream: 'log', level: 'warning', text})
    }
    this.#servers = new Servers(this.#books, {...listener, timeout, onTooMany})
  }

  /** The process was started. */
  begin(): void {
    this.#read(interpreter => interpreter.begin?.() ?? [])
  }

  line(stream: 'stdout' | 'stderr', text: string): void {
    this.#listener.print({stream, text})
    this.#read(interpreter => interpreter.line(stream, text))
  }

  take(message: WorkerMessage): void {
    switch (message.method) {
      case 'diagnostics/publish':
        this.#listener.publish({type: message.method, ...message.params})
        break
      case 'task/start':
      case 'task/progress':
      case 'task/finish':
        this.#books.task(message)
        if (message.method === 'task/finish') this.#listener.onFinished()
        break
      case 'server/listening':
        void this.#servers.claim(message.params)
        break
      case 'server/closed':
        this.#servers.withdraw(message.params.url)
        break
      case 'log/message': {
        const {level, message: text} = message.params
        const lines = splitLines(line => this.#listener.print({stream: 'log', level, text: line}))
        lines.write(Buffer.from(text))
        lines.end()
      }
    }
  }

  /** A server that it says it has, which doesn't answer. */
  get silentServer(): string | undefined {
    return this.#servers.silent
  }

  finish(taskId: string, status: StatusCode): void {
    this.#books.finish(taskId, status)
  }

  /** The process said its last; what it left open is closed. */
  end(exit: Pick<Exit, 'code' | 'signal'> | undefined, status: StatusCode): void {
    if (exit) this.#read(interpreter => interpreter.end(exit))
    this.#servers.close()
    this.#books.close(status)
  }

  /** An interpreter that fails at a line must not take the supervisor with it. */
  #read(read: (interpreter: Interpreter) => WorkerMessage[]): void {
    try {
      for (const message of this.#interpreter ? read(this.#interpreter) : []) this.take(message)
    } catch (error) {
      const text = `what it printed can't be interpreted: ${messageOf(error)}`
      this.#listener.print({stream: 'log', level: 'error', text})
    }
  }
}
