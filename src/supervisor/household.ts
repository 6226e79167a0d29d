import type {Readable} from 'node:stream'
import type {Connection} from '../ipc/types.ts'
import type {EventBody} from '../model/event.ts'
import type {Clock} from '../process/clock.ts'
import type {Door} from './door.ts'
import type {LiveGroups} from './live-groups.ts'
import type {Print} from './messages.ts'
import type {LogLine, Worker} from './types.ts'

/** What a supervisor gives to each of its workers. */
export interface Household {
  clock: Clock
  random: () => number
  door: Door
  groups: LiveGroups
  /** Ids of the supervisors above, and the own one. */
  supervisors: readonly string[]
  stdin: Readable | undefined
}

/** Who hears what becomes of one process of a worker. */
export interface RunListener {
  publish(event: EventBody): void
  print: Print
  onStarted(pid: number): void
  onConnected(pid: number): void
  onReady(pid: number): void
  /** Before anything but `initialize` is read. */
  onConnection(connection: Connection): void
  onStopping(pid: number | null, deadline: number): void
}

/** Who hears what becomes of a worker through all its processes. */
export interface WorkerListener {
  publish(event: EventBody): void
  onLine(line: LogLine): void
  /** Something to say about it, for people. */
  note(level: NonNullable<LogLine['level']>, text: string): void
  /** A new process knows nothing of what the one before it said of files. */
  forgetDiagnostics(): void
  /** False once the supervisor is shut down, or another worker took the id. */
  mayStart(worker: Worker): boolean
}
