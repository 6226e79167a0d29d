import type {EventBody} from '../model/event.ts'
import type {ServerListeningParams, StatusCode, WorkerMessage} from '../model/protocol.ts'

/** Most tasks of one process that are open at a time; those beyond are not told of. */
const maxOpenTasks = 1000

type TaskMessage = Extract<WorkerMessage, {method: `task/${string}`}>

/** The open tasks and servers of one process, so that every start gets its end. */
export class Books {
  readonly #tasks = new Set<string>()
  readonly #servers = new Set<string>()
  readonly #publish: (event: EventBody) => void

  constructor(publish: (event: EventBody) => void) {
    this.#publish = publish
  }

  /** Passes on what makes sense: a second start, and what concerns no open task, is dropped. */
  task(message: TaskMessage): void {
    const {taskId} = message.params
    const open = this.#tasks.has(taskId)
    if (open === (message.method === 'task/start')) return
    if (message.method === 'task/start') {
      if (this.#tasks.size >= maxOpenTasks) return
      this.#tasks.add(taskId)
    }
    if (message.method === 'task/finish') this.#tasks.delete(taskId)
    this.#publish({type: message.method, ...message.params} as EventBody)
  }

  /** Ends a task that its worker left open. */
  finish(taskId: string, status: StatusCode): void {
    if (this.#tasks.delete(taskId)) this.#publish({type: 'task/finish', taskId, status})
  }

  opened(server: ServerListeningParams): void {
    this.#servers.add(server.url)
    this.#publish({type: 'server/listening', ...server})
  }

  closed(url: string): void {
    if (this.#servers.delete(url)) this.#publish({type: 'server/closed', url})
  }

  /** The process is gone, and all that it had open with it. */
  close(status: StatusCode): void {
    for (const taskId of [...this.#tasks]) this.finish(taskId, status)
    for (const url of [...this.#servers]) this.closed(url)
  }
}
