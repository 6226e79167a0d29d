import type {Diagnostic} from '../model/diagnostic.ts'
import type {Event} from '../model/event.ts'

/** Keeps what is true now of every file, as events tell it. */
export interface DiagnosticsCollector {
  add(event: Event): void
  /** All of them, or one worker's: by file, then by place, then by toolchain. */
  list(workerId?: string): Diagnostic[]
}

/** Begins with no diagnostics. */
export function collectDiagnostics(): DiagnosticsCollector {
  const byWorker = new Map<string, Map<string, Diagnostic[]>>()
  return {
    add(event) {
      if (event.type !== 'diagnostics/publish') return
      const {workerId, label, uri, diagnostics, reset} = event
      const files = byWorker.get(workerId) ?? new Map<string, Diagnostic[]>()
      byWorker.set(workerId, files)
      const kept = reset ? [] : (files.get(uri) ?? [])
      // The schema checks what we rely on; what else LSP allows passes through it unnamed.
      for (const diagnostic of diagnostics) kept.push({...diagnostic, uri, toolchain: label} as Diagnostic)
      files.set(uri, kept)
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
