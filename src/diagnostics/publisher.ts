import {maxListedDiagnostics} from '../model/limits.ts'
import type {WorkerMessage} from '../model/protocol.ts'
import type {Found, Parsed} from './parser.ts'

/**
 * Turns what was found into `diagnostics/publish`: the first word about a file in a run replaces what the run before
 * said of it; when a run ends, files that it did not mention are cleared.
 */
export class Publisher {
  #running = false
  /** Files spoken of in the run that is open, or in the last one. */
  #mentioned = new Set<string>()
  /** Files whose diagnostics from before the open run still stand. */
  #stale = new Set<string>()

  /** Begins a run. What one that was broken off didn't come to mention is not cleared for that. */
  begin(): void {
    for (const uri of this.#mentioned) this.#stale.add(uri)
    this.#mentioned = new Set()
    this.#running = true
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
        this.begin()
        return cleared
      }
      case 'run-ended':
        return this.#endRun()
    }
  }

  #find(found: Found): WorkerMessage[] {
    if (!this.#running) this.begin()
    return [this.#publish(found)]
  }

  #publish({uri, diagnostic}: Found): WorkerMessage {
    const reset = !this.#mentioned.has(uri)
    // What comes when so many are listed is left out: a flood of files needs no memory here.
    if (this.#mentioned.size < maxListedDiagnostics) this.#mentioned.add(uri)
    this.#stale.delete(uri)
    return {method: 'diagnostics/publish', params: {uri, diagnostics: [diagnostic], reset}}
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
