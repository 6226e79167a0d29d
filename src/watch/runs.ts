import {collectDiagnostics} from '../diagnostics/collect.ts'
import {type DiagnosticsSummary, summarize} from '../diagnostics/summary.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import type {Diagnostic} from '../model/diagnostic.ts'
import {type Event, hasEnded, type Snapshot} from '../model/event.ts'
import {Status, type StatusCode} from '../model/protocol.ts'
import {type Clock, systemClock} from '../process/clock.ts'
import {nameOf} from '../session/servers.ts'

/** One run of a compiler that is watched, when it is over. */
export interface WatchRun {
  workerId: string
  toolchain: string
  version: string
  /** `cancelled`: broken off, by another run or by the end of its process. */
  status: 'ok' | 'error' | 'cancelled'
  durationMs: number
  /** From the newest change that it knows of to its end; null where no change was seen that led to it. */
  latencyMs: number | null
  /** What stands of this compiler now. */
  summary: DiagnosticsSummary
  /** What stands now and did not after the run before. */
  added: Diagnostic[]
  /** How many stood after the run before and don't now. */
  resolved: number
}

interface Known {
  task?: {taskId: string; since: number}
  /** When files changed, of which no run that has ended knew. */
  changes: number[]
  /** The last run that has ended. */
  last?: {since: number; end: number}
  shown: Set<string>
  /** Whether its process has finished a run already. */
  hasRun: boolean
  /** A run whose reason may be heard of any moment. */
  unexplained?: {since: number; tell(latest?: number): void}
}

/** A file system's clock is behind, in ms. */
const slack = 20
/** So late may be heard that a run has begun, in ms. */
const lag = 10
/** So long may a compiler wait after a change, or after the run before, until it begins, in ms. */
const longestWait = 5000
/** A quick compiler may be done before its reason is heard of, by so much, in ms. */
const patience = 150
/** Changes that no run came to know of. */
const maxChanges = 1000

/**
 * Makes runs of events.
 * @param clock events have no time of their own
 * @param before what is known of a session that is joined
 */
export function watchRuns(onRun: (run: WatchRun) => void, clock: Clock = systemClock, before?: Snapshot) {
  const workers = new Map<string, Known>()
  const collector = collectDiagnostics(before?.diagnostics)
  const there = new Set(before?.workers.filter(info => !hasEnded(info)).map(({workerId}) => workerId))
  const knownOf = (workerId: string): Known => {
    const shown = new Set(before ? collector.list(workerId).map(keyOf) : [])
    const known = workers.get(workerId) ?? {changes: [], shown, hasRun: there.has(workerId)}
    workers.set(workerId, known)
    return known
  }
  for (const {workerId, taskId} of before?.tasks ?? []) knownOf(workerId).task = {taskId, since: clock.now()}
  const finish = (known: Known, event: Event & {type: 'task/finish'}, since: number) => {
    const {workerId, status} = event
    const {toolchain, version} = nameOf(event)
    const end = clock.now()
    const diagnostics = collector.list(workerId)
    const keys = new Set(diagnostics.map(keyOf))
    const run = {
      workerId,
      toolchain,
      version,
      status: statusOf(status),
      durationMs: Math.round(end - since),
      summary: summarize(diagnostics),
      added: diagnostics.filter(one => !known.shown.has(keyOf(one))),
      resolved: [...known.shown].filter(key => !keys.has(key)).length,
    }
    known.shown = keys
    const reason = reasonOf(known, since)
    known.changes = known.changes.filter(at => at > since)
    known.last = {since, end}
    const tell = (latest?: number) => {
      delete known.unexplained
      onRun({...run, latencyMs: latest === undefined ? null : Math.max(0, Math.round(end - latest))})
    }
    // A first run has no change for its reason.
    if (reason !== undefined) tell(reason)
    else if (!known.hasRun) tell()
    else wait(known, since, tell)
    known.hasRun = true
  }
  const wait = (known: Known, since: number, tell: (latest?: number) => void) => {
    const cancel = clock.setTimeout(tell, patience)
    const tellNow = (latest?: number) => {
      cancel()
      tell(latest)
    }
    known.unexplained = {since, tell: tellNow}
  }
  return (event: Event): void => {
    const {workerId} = event
    if (readWorkerId(workerId)?.mode !== 'watch') return
    collector.add(event)
    const known = knownOf(workerId)
    switch (event.type) {
      case 'files/changed': {
        const {unexplained} = known
        if (unexplained && event.at <= unexplained.since) unexplained.tell(event.at)
        // What is heard of late was there before the last run, which has seen it.
        else if (known.last === undefined || event.at > known.last.since - slack)
          known.changes = [...known.changes, event.at].slice(-maxChanges)
        break
      }
      case 'task/start':
        known.unexplained?.tell()
        // What a compiler of the protocol does within a run is no run of its own.
        known.task ??= {taskId: event.taskId, since: clock.now()}
        break
      case 'task/finish': {
        const {task} = known
        if (task?.taskId !== event.taskId) return
        delete known.task
        finish(known, event, task.since)
        break
      }
      case 'worker/state':
        // Somebody has it begin anew, which is no answer to a change.
        if (event.state.kind === 'stopping') known.changes = []
        if (event.state.kind === 'stopping' || event.state.kind === 'backoff' || hasEnded(event)) {
          known.unexplained?.tell()
          known.hasRun = false
        }
    }
  }
}

/**
 * The newest change that led to a run. What comes between two runs is somebody's save; what changed right at the beginning
 * of this one, or during the one before, may be what a compiler wrote itself, and counts only where there is nothing else.
 */
function reasonOf({changes, last}: Known, since: number): number | undefined {
  const before = last?.end ?? Number.NEGATIVE_INFINITY
  const led = changes.filter(at => at <= since && Math.max(at, before) >= since - longestWait)
  const between = led.filter(at => at > before && at < since - lag)
  const atOnce = led.filter(at => at >= since - lag)
  const candidates = [between, atOnce, led].find(some => some.length > 0)
  return candidates && Math.max(...candidates)
}

function statusOf(status: StatusCode): WatchRun['status'] {
  return status === Status.ok ? 'ok' : status === Status.cancelled ? 'cancelled' : 'error'
}

/** How a compiler stands in a session that is joined. */
export function standingOf(
  {diagnostics}: Pick<Snapshot, 'diagnostics'>,
  workerId: string,
): Pick<WatchRun, 'toolchain' | 'summary' | 'added'> {
  const added = collectDiagnostics(diagnostics).list(workerId)
  return {toolchain: readWorkerId(workerId)?.toolchain ?? workerId, summary: summarize(added), added}
}

function keyOf({uri, range, severity, code, message}: Diagnostic): string {
  return JSON.stringify([uri, range, severity, code, message])
}
