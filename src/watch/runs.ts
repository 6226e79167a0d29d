import {collectDiagnostics} from '../diagnostics/collect.ts'
import {type DiagnosticsSummary, summarize} from '../diagnostics/summary.ts'
import {readWorkerId} from '../driver/worker-id.ts'
import type {Diagnostic} from '../model/diagnostic.ts'
import type {Event, Snapshot} from '../model/event.ts'
import {Status} from '../model/protocol.ts'

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
  /** When files changed, of which no run that has begun knew. */
  changes: number[]
  shown: Set<string>
}

/** A file system's clock is behind, and who saw a change may be told of it late. */
const slack = 20

/** Changes that no run came to know of. */
const maxChanges = 1000

/**
 * Makes runs of events: pure but for the clock, since events have no time.
 * @param before what is known of a session that is joined
 */
export function watchRuns(onRun: (run: WatchRun) => void, now: () => number, before?: Snapshot) {
  const workers = new Map<string, Known>()
  const collector = collectDiagnostics()
  for (const published of before?.diagnostics ?? [])
    collector.add({type: 'diagnostics/publish', ...published})
  const knownOf = (workerId: string): Known => {
    const shown = new Set(collector.list(workerId).map(keyOf))
    const known = workers.get(workerId) ?? {changes: [], shown: before ? shown : new Set()}
    workers.set(workerId, known)
    return known
  }
  for (const {workerId, taskId} of before?.tasks ?? []) knownOf(workerId).task = {taskId, since: now()}
  return (event: Event): void => {
    const {workerId, label} = event
    const {mode, toolchain = label, version = ''} = readWorkerId(workerId) ?? {}
    if (mode !== 'watch') return
    collector.add(event)
    const known = knownOf(workerId)
    if (event.type === 'files/changed') known.changes = [...known.changes, event.at].slice(-maxChanges)
    // What a compiler of the protocol does within a run is no run of its own.
    if (event.type === 'task/start') known.task ??= {taskId: event.taskId, since: now()}
    if (event.type !== 'task/finish' || event.taskId !== known.task?.taskId) return
    const {since} = known.task
    const end = now()
    const led = known.changes.filter(at => at <= since + slack)
    known.changes = known.changes.filter(at => at > since + slack)
    delete known.task
    const diagnostics = collector.list(workerId)
    const keys = new Set(diagnostics.map(keyOf))
    const added = diagnostics.filter(one => !known.shown.has(keyOf(one)))
    const resolved = [...known.shown].filter(key => !keys.has(key)).length
    known.shown = keys
    onRun({
      workerId,
      toolchain,
      version,
      status: event.status === Status.ok ? 'ok' : event.status === Status.cancelled ? 'cancelled' : 'error',
      durationMs: Math.round(end - since),
      latencyMs: led.length > 0 ? Math.max(0, Math.round(end - Math.max(...led))) : null,
      summary: summarize(diagnostics),
      added,
      resolved,
    })
  }
}

/** How a compiler stands in a session that is joined. */
export function standingOf(
  {diagnostics}: Pick<Snapshot, 'diagnostics'>,
  workerId: string,
): Pick<WatchRun, 'toolchain' | 'summary' | 'added'> {
  const collector = collectDiagnostics()
  for (const published of diagnostics) collector.add({type: 'diagnostics/publish', ...published})
  const added = collector.list(workerId)
  return {toolchain: readWorkerId(workerId)?.toolchain ?? workerId, summary: summarize(added), added}
}

function keyOf({uri, range, severity, code, message}: Diagnostic): string {
  return JSON.stringify([uri, range, severity, code, message])
}
