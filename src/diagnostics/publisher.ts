import {Severity} from '../model/diagnostic.ts'
import type {WorkerMessage} from '../model/protocol.ts'
import {beginning, rootUri} from './location.ts'
import type {Found, Parsed, ParserPlace} from './parser.ts'

/** Most diagnostics of one run that are kept apart. */
const maxDiagnostics = 10_000

/**
 * Turns what was found into `diagnostics/publish`: the first word about a file in a run replaces what the run before
 * said of it; when a run ends, files that it did not mention are cleared.
 */
export class Publisher {
  readonly #place: ParserPlace
  #running = false
  #count = 0
  /** What was said of those beyond the limit. */
  #overflow: 'nothing' | 'some' | 'errors' = 'nothing'
  /** Files spoken of in the run that is open, or in the last one. */
  #mentioned = new Set<string>()
  /** Files whose diagnostics from before the open run still stand. */
  #stale = new Set<string>()

  constructor(place: ParserPlace) {
    this.#place = place
  }

  take(parsed: readonly Parsed[]): WorkerMessage[] {
    return parsed.flatMap(item => this.#takeOne(item))
  }

  #takeOne(item: Parsed): WorkerMessage[] {
    switch (item.kind) {
      case 'found':
        return this.#find(item.found)
      case 'run-started': {
        const cleared = this.#endRun()
        this.#startRun()
        return cleared
      }
      case 'run-ended':
        return this.#endRun()
    }
  }

  #find(found: Found): WorkerMessage[] {
    if (!this.#running) this.#startRun()
    this.#count += 1
    if (this.#count <= maxDiagnostics) return [this.#publish(found)]
    const isError = found.diagnostic.severity === Severity.error
    if (this.#overflow === 'errors' || (this.#overflow === 'some' && !isError)) return []
    this.#overflow = isError ? 'errors' : 'some'
    const {root, toolchain} = this.#place
    const what = isError ? 'errors' : 'diagnostics'
    const message = `there are more ${what} than the ${maxDiagnostics} diagnostics that are listed`
    const severity = found.diagnostic.severity ?? Severity.error
    return [
      this.#publish({
        uri: rootUri(root),
        diagnostic: {range: beginning, severity, source: toolchain, message},
      }),
    ]
  }

  #publish({uri, diagnostic}: Found): WorkerMessage {
    const reset = !this.#mentioned.has(uri)
    this.#mentioned.add(uri)
    this.#stale.delete(uri)
    return {method: 'diagnostics/publish', params: {uri, diagnostics: [diagnostic], reset}}
  }

  #startRun(): void {
    this.#stale = this.#mentioned
    this.#mentioned = new Set()
    this.#running = true
    this.#count = 0
    this.#overflow = 'nothing'
  }

  #endRun(): WorkerMessage[] {
    if (!this.#running) return []
    this.#running = false
    const files = this.#stale
    this.#stale = new Set()
    return [...files].map(cleared)
  }
}

function cleared(uri: string): WorkerMessage {
  return {method: 'diagnostics/publish', params: {uri, diagnostics: [], reset: true}}
}
