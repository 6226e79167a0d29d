import type {Event, Snapshot, WorkerInfo} from '../model/event.ts'

/** What all events so far add up to. Fed with a snapshot's successor events it stays equal to the original. */
export class Picture {
  readonly #workers = new Map<string, WorkerInfo>()
  readonly #servers = new Map<string, Snapshot['servers'][number]>()
  readonly #tasks = new Map<string, Snapshot['tasks'][number]>()
  readonly #diagnostics = new Map<string, Snapshot['diagnostics'][number]>()

  static of({workers, servers, tasks, diagnostics}: Snapshot): Picture {
    const picture = new Picture()
    for (const info of workers) picture.#workers.set(info.workerId, info)
    for (const server of servers) picture.#servers.set(keyOf(server.workerId, server.url), server)
    for (const task of tasks) picture.#tasks.set(keyOf(task.workerId, task.taskId), task)
    for (const published of diagnostics) {
      const diagnostics = [...published.diagnostics]
      picture.#diagnostics.set(keyOf(published.workerId, published.uri), {...published, diagnostics})
    }
    return picture
  }

  apply(event: Event): void {
    switch (event.type) {
      case 'worker/state':
        this.#state(event)
        break
      case 'worker/removed':
        this.#workers.delete(event.workerId)
        break
      case 'diagnostics/publish':
        this.#publish(event)
        break
      case 'task/start': {
        const {type: _, ...task} = event
        this.#tasks.set(keyOf(event.workerId, event.taskId), task)
        break
      }
      case 'worker/note':
      case 'task/progress':
      case 'files/changed':
        break
      case 'task/finish':
        this.#tasks.delete(keyOf(event.workerId, event.taskId))
        break
      case 'server/listening': {
        const {type: _, ...server} = event
        this.#servers.set(keyOf(event.workerId, event.url), server)
        break
      }
      case 'server/closed':
        this.#servers.delete(keyOf(event.workerId, event.url))
    }
  }

  /** The files that a worker said something of, and did not take back. */
  filesOf(workerId: string): string[] {
    return [...this.#diagnostics.values()].flatMap(known => (known.workerId === workerId ? [known.uri] : []))
  }

  workers(): WorkerInfo[] {
    return [...this.#workers.values()]
  }

  servers(): Snapshot['servers'] {
    return [...this.#servers.values()]
  }

  snapshot(): Snapshot {
    return {
      workers: this.workers(),
      servers: this.servers(),
      tasks: [...this.#tasks.values()],
      diagnostics: [...this.#diagnostics.values()].map(known => ({
        ...known,
        diagnostics: [...known.diagnostics],
      })),
    }
  }

  #state({workerId, label, state}: Event & {type: 'worker/state'}): void {
    const before = this.#workers.get(workerId)
    this.#workers.set(workerId, {
      workerId,
      label,
      state,
      pid: 'pid' in state ? state.pid : null,
      restarts: state.kind === 'starting' ? state.restarts : (before?.restarts ?? 0),
    })
  }

  #publish({type: _, ...published}: Event & {type: 'diagnostics/publish'}): void {
    const key = keyOf(published.workerId, published.uri)
    const before = published.reset ? undefined : this.#diagnostics.get(key)
    // Our own array, which grows in place: a file may be added to again and again.
    const diagnostics = before?.diagnostics ?? []
    for (const diagnostic of published.diagnostics) diagnostics.push(diagnostic)
    if (diagnostics.length === 0) this.#diagnostics.delete(key)
    else this.#diagnostics.set(key, {...published, diagnostics, reset: true})
  }
}

/** No worker's id holds a line end, by `Supervisor.start`. */
function keyOf(workerId: string, name: string): string {
  return `${workerId}\n${name}`
}
