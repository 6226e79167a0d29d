import type {Diagnostic} from '../model/diagnostic.ts'
import type {Event, Snapshot} from '../model/event.ts'

/** Keeps what is true now of every file, as events tell it. */
export interface DiagnosticsCollector {
  add(event: Event): void
  /** All of them, or one worker's: by file, then by place, then by toolchain. */
  list(workerId?: string): Diagnostic[]
}

/** @param before what a snapshot has */
export function collectDiagnostics(before: Snapshot['diagnostics'] = []): DiagnosticsCollector {
  const byWorker = new Map<string, Map<string, Diagnostic[]>>()
  const publish = ({workerId, label, uri, diagnostics, reset}: Snapshot['diagnostics'][number]) => {
    const files = byWorker.get(workerId) ?? new Map<string, Diagnostic[]>()
    byWorker.set(workerId, files)
    const kept = reset ? [] : (files.get(uri) ?? [])
    // The schema checks what we rely on; what else LSP allows passes through it unnamed.
    for (const diagnostic of diagnostics) kept.push({...diagnostic, uri, toolchain: label} as Diagnostic)
    files.set(uri, kept)
  }
  for (const published of before) publish(published)
  return {
    add(event) {
      if (event.type === 'diagnostics/publish') publish(event)
    },
    list(workerId) {
      const chosen = workerId === undefined ? [...byWorker.values()] : [byWorker.get(workerId) ?? new Map()]
      return chosen.flatMap(files => [...files.values()].flat()).sort(compare)
    },
  }
}

function compare(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.uri, b.uri) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character ||
    compareText(a.toolchain, b.toolchain)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
