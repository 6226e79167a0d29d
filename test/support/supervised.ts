import {join} from 'node:path'
import type {Event, WorkerState} from '../../src/model/event.ts'
import {
  createSupervisor,
  defaultPolicy,
  type LogLine,
  type RestartPolicy,
  type Supervisor,
  type SupervisorOptions,
  type WorkerSpec,
} from '../../src/supervisor/index.ts'
import {packageRoot, type Sandbox, sandbox} from './sandbox.ts'

export interface Supervised extends AsyncDisposable {
  box: Sandbox
  supervisor: Supervisor
  events: Event[]
  lines: LogLine[]
  /** The kinds of states that a worker went through. */
  states(id?: string): string[]
  /** Resolves when the worker enters that state, from now on or if it is in it. */
  reaches<K extends WorkerState['kind']>(kind: K, id?: string): Promise<WorkerState & {kind: K}>
  /** Resolves with the first event, past or coming, that fits. */
  event(fits: (event: Event) => boolean): Promise<Event>
  /** Resolves with the first line, past or coming, that fits. */
  line(pattern: RegExp): Promise<RegExpExecArray>
}

/** A supervisor in a sandbox, all that it said, and ways to wait for what it says. */
export function supervised(options: Partial<SupervisorOptions> = {}): Supervised {
  const box = sandbox()
  const supervisor = createSupervisor({directory: join(box.root, 'run'), ...options})
  const [events, lines]: [Event[], LogLine[]] = [[], []]
  const watchers = new Set<() => void>()
  const look = () => {
    for (const watcher of [...watchers]) watcher()
  }
  supervisor.onEvent(event => {
    events.push(event)
    look()
  })
  supervisor.onLine(line => {
    lines.push(line)
    look()
  })
  const when = async <T>(find: () => T | undefined | null): Promise<T> => {
    const {promise, resolve} = Promise.withResolvers<T>()
    const watcher = () => {
      const found = find()
      if (found !== undefined && found !== null) resolve(found)
    }
    watchers.add(watcher)
    watcher()
    return promise.finally(() => watchers.delete(watcher))
  }
  const statesOf = (id: string) =>
    events.flatMap(event => (event.workerId === id && event.type === 'worker/state' ? [event.state] : []))
  return {
    box,
    supervisor,
    events,
    lines,
    states: (id = 'w') => statesOf(id).map(({kind}) => kind),
    reaches: <K extends WorkerState['kind']>(kind: K, id = 'w') =>
      when(() => {
        const state = statesOf(id).at(-1)
        return state?.kind === kind ? (state as WorkerState & {kind: K}) : undefined
      }),
    event: fits => when(() => events.find(fits)),
    line: pattern => when(() => lines.map(({text}) => pattern.exec(text)).find(match => match)),
    async [Symbol.asyncDispose]() {
      await supervisor.shutdown({grace: 0})
      await box[Symbol.asyncDispose]()
    },
  }
}

export function fixture(name: string): string {
  return join(packageRoot, 'fixtures/programs', name)
}

/** A worker `w` that runs a shell script, ready once it runs, never started again. */
export function shellWorker(script: string, changes: Partial<WorkerSpec> = {}): WorkerSpec {
  return {
    id: 'w',
    label: 'shell',
    file: '/bin/sh',
    args: ['-c', script],
    cwd: packageRoot,
    env: {PATH: process.env.PATH ?? ''},
    stdin: 'none',
    readiness: {by: 'spawn'},
    restart: policy({restart: 'temporary'}),
    grace: 5000,
    ...changes,
  }
}

/** A worker `w` that speaks the protocol, in some manner of `child-talker.js`. */
export function talker(manner: readonly string[], changes: Partial<WorkerSpec> = {}): WorkerSpec {
  return shellWorker('', {
    label: 'talker',
    file: process.execPath,
    args: [fixture('child-talker.js'), ...manner],
    ipc: {root: '/project', mode: 'serve', arguments: ['--fast'], server: {host: '127.0.0.1', port: 0}},
    readiness: {by: 'protocol', timeout: 20_000},
    ...changes,
  })
}

/** The default policy without chance. */
export function policy(changes: Partial<RestartPolicy>): RestartPolicy {
  return {...defaultPolicy, jitter: 0, ...changes}
}
