import {randomUUID} from 'node:crypto'
import {listeningAt} from '../model/listening.ts'
import type {WorkerMessage} from '../model/protocol.ts'
import {Status, type StatusCode} from '../model/wire.ts'
import type {Report, ServerReport, TaskReport} from './compiler.ts'
import {Tally} from './tally.ts'

/** Hands a message on: to the supervisor, or to the terminal. */
type Say = (message: WorkerMessage) => Promise<void>

export interface Scope {
  say: Say
  /** Name of the compiler, for diagnostics that don't say who made them. */
  source: string
  signal: AbortSignal
  tally: Tally
  taskId?: string
}

/**
 * Runs a task between its start and its finish.
 * @returns what it made and how it went; a throw passes through, after the finish
 */
export async function runTask<T>(
  scope: Scope & {taskId: string},
  title: string,
  run: (report: TaskReport) => Promise<T> | T,
): Promise<{value: T; status: StatusCode}> {
  const {say, signal, tally, taskId} = scope
  let status: StatusCode = Status.error
  say({method: 'task/start', params: {taskId, title}})
  try {
    const value = await run(taskReport(scope))
    if (!tally.hasErrors) status = Status.ok
    if (signal.aborted) status = Status.cancelled
    return {value, status}
  } catch (error) {
    if (signal.aborted) status = Status.cancelled
    throw error
  } finally {
    say({method: 'task/finish', params: {taskId, status}})
  }
}

/** @returns also what says of all servers that are still open that they are closed */
export function serverReport(scope: Scope): ServerReport & {closeAll(): void} {
  const {say} = scope
  const open = new Set<string>()
  const closed = (url: string) => {
    open.delete(url)
    return say({method: 'server/closed', params: {url}})
  }
  return {
    ...plainReport(scope),
    listening({url, host}) {
      const params = listeningAt(new URL(url), host)
      open.add(params.url)
      return say({method: 'server/listening', params})
    },
    closed: ({url}) => closed(new URL(url).href),
    closeAll() {
      for (const url of [...open]) closed(url)
    },
  }
}

function taskReport(scope: Scope & {taskId: string}): TaskReport {
  const {say, taskId} = scope
  return {
    ...plainReport(scope),
    progress: progress => say({method: 'task/progress', params: {taskId, ...progress}}),
  }
}

function plainReport(scope: Scope): Report {
  const {say, source, tally, taskId} = scope
  return {
    diagnostics(uri, diagnostics, {reset = true} = {}) {
      const file = String(uri)
      tally.record(file, diagnostics, reset)
      const signed = diagnostics.map(diagnostic => ({source, ...diagnostic}))
      const params = {uri: file, diagnostics: signed, reset, ...(taskId !== undefined && {taskId})}
      return say({method: 'diagnostics/publish', params})
    },
    async task(title, run) {
      const part = {...scope, taskId: randomUUID(), tally: new Tally(tally)}
      return (await runTask(part, title, run)).value
    },
    log: (level, message) => say({method: 'log/message', params: {level, message}}),
  }
}
