import {type LspDiagnostic, severityName} from '../model/diagnostic.ts'

/** Counts what one task reported, file by file, and what its parts did. */
export class Tally {
  readonly #files = new Map<string, {errors: number; all: number}>()
  readonly #parent: Tally | undefined

  constructor(parent?: Tally) {
    this.#parent = parent
  }

  record(uri: string, diagnostics: readonly LspDiagnostic[], reset: boolean): void {
    const before = (!reset && this.#files.get(uri)) || {errors: 0, all: 0}
    const errors = diagnostics.filter(({severity}) => severityName(severity) === 'error').length
    this.#files.set(uri, {errors: before.errors + errors, all: before.all + diagnostics.length})
    this.#parent?.record(uri, diagnostics, reset)
  }

  get hasErrors(): boolean {
    return [...this.#files.values()].some(({errors}) => errors > 0)
  }

  /** The files that something is wrong with. */
  get uris(): Set<string> {
    return new Set([...this.#files].filter(([, {all}]) => all > 0).map(([uri]) => uri))
  }
}
