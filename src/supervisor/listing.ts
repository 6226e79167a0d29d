import {type LspDiagnostic, Severity} from '../model/diagnostic.ts'
import {maxListedDiagnostics} from '../model/limits.ts'
import {maxFrameBytes, type PublishDiagnosticsParams} from '../model/protocol.ts'
import {fitted, frameBytes, maxDiagnosticBytes} from './fitted.ts'

/** Of a frame, what the diagnostics of a snapshot may take; the rest is for workers, servers and tasks. */
const maxBytes = 0.75 * maxFrameBytes
/** Files whose diagnostics were left out, and are remembered for it. */
const maxCutFiles = 10_000

/** What the listed diagnostics of all workers take together, in bytes: a snapshot of them must fit into one frame. */
export class Room {
  taken = 0

  get isFull(): boolean {
    return this.taken > maxBytes - maxDiagnosticBytes
  }
}

interface ListedFile {
  count: number
  bytes: number
}

/**
 * Keeps what one worker has listed within bounds. What goes beyond is left out, and a note at the root says so for as
 * long as it is true.
 */
export class Listing {
  readonly #who: {workerId: string; label: string}
  readonly #rootUri: string
  readonly #room: Room
  readonly #files = new Map<string, ListedFile>()
  #count = 0
  /** What the worker itself says of the root, beside which the note stands. */
  #atRoot: LspDiagnostic[] = []
  /** Files of which something was left out. */
  readonly #cut = new Set<string>()
  #note: LspDiagnostic | undefined

  constructor(who: {workerId: string; label: string}, rootUri: string, room: Room) {
    this.#who = who
    this.#rootUri = rootUri
    this.#room = room
  }

  /** What of this is to be told, and what changes by it. */
  take(published: PublishDiagnosticsParams): PublishDiagnosticsParams[] {
    const {uri, diagnostics, reset} = published
    const wasListed = this.#files.has(uri)
    if (reset) this.#clear(uri)
    const kept: LspDiagnostic[] = []
    let worst: number | undefined
    for (const diagnostic of diagnostics) {
      if (this.#isFull) worst = Math.min(worst ?? Severity.hint, diagnostic.severity ?? Severity.error)
      else kept.push(this.#add(published, diagnostic))
    }
    const hasNews = kept.length > 0 || diagnostics.length === 0 || (reset && wasListed)
    const said = hasNews ? [{...published, diagnostics: kept}] : []
    const isRoot = uri === this.#rootUri
    if (isRoot && reset) this.#atRoot = []
    if (isRoot) this.#atRoot.push(...kept)
    const note = this.#noteAfter(uri, worst)
    const isStale = note !== this.#note || (note && isRoot && reset && hasNews)
    this.#note = note
    return isStale ? [...said, this.#root()] : said
  }

  /** Nothing is listed any more. */
  forget(): void {
    for (const uri of [...this.#files.keys()]) this.#clear(uri)
    this.#cut.clear()
    this.#atRoot = []
    this.#note = undefined
  }

  get #isFull(): boolean {
    return this.#count >= maxListedDiagnostics || this.#room.isFull
  }

  #add(published: PublishDiagnosticsParams, given: LspDiagnostic): LspDiagnostic {
    const {diagnostic, bytes} = fitted(given)
    const file = this.#files.get(published.uri) ?? this.#open(published)
    this.#count += 1
    file.count += 1
    this.#take(file, bytes + 1)
    return diagnostic
  }

  #open(published: PublishDiagnosticsParams): ListedFile {
    const file = {count: 0, bytes: 0}
    this.#files.set(published.uri, file)
    this.#take(file, frameBytes({...this.#who, ...published, diagnostics: []}))
    return file
  }

  #take(file: ListedFile, bytes: number): void {
    file.bytes += bytes
    this.#room.taken += bytes
  }

  #clear(uri: string): void {
    const {count, bytes} = this.#files.get(uri) ?? {count: 0, bytes: 0}
    this.#count -= count
    this.#room.taken -= bytes
    this.#files.delete(uri)
    this.#cut.delete(uri)
  }

  /** The note that is true now; `worst` is the severity of the worst that was just left out of the file. */
  #noteAfter(uri: string, worst: number | undefined): LspDiagnostic | undefined {
    if (worst !== undefined && this.#cut.size < maxCutFiles) this.#cut.add(uri)
    if (this.#cut.size === 0) return undefined
    if (worst === undefined || worst >= (this.#note?.severity ?? Number.POSITIVE_INFINITY)) return this.#note
    const what = worst === Severity.error ? 'errors' : 'diagnostics'
    return {
      range: {start: {line: 0, character: 0}, end: {line: 0, character: 0}},
      severity: worst as 1 | 2 | 3 | 4,
      source: this.#who.label,
      message: `there are more ${what} than the ${this.#count} diagnostics that are listed`,
    }
  }

  #root(): PublishDiagnosticsParams {
    const diagnostics = this.#note ? [...this.#atRoot, this.#note] : [...this.#atRoot]
    return {uri: this.#rootUri, diagnostics, reset: true}
  }
}
