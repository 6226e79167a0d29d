import type {Exit} from './event.ts'
import type {WorkerMessage} from './protocol.ts'

/** Turns a program's output into what a worker of the protocol would have said. */
export interface Interpreter {
  /** Its process was started. */
  begin?(): WorkerMessage[]
  /** One line without its end, as printed (escape sequences included). */
  line(stream: 'stdout' | 'stderr', text: string): WorkerMessage[]
  /** The process ended and every line was handed in; says what is still open. */
  end(exit: Pick<Exit, 'code' | 'signal'>): WorkerMessage[]
}
