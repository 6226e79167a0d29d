import {dirname} from 'node:path'
import type {JudgedChange} from './change.ts'

export interface RerunsListener {
  /** Runs the compiler; `began` and `ended` are told by whoever sees that. */
  run(changes: readonly JudgedChange[]): void
  /** What it writes is found among its inputs, and is passed over from now on. */
  onOutputs(paths: readonly string[]): void
}

/** The clock of a file system may be this much behind, in ms. */
const tick = 20
/** So often in a row a compiler may cause its own next run, by something that it writes each time. */
const maxChain = 3
/** And so often by something else each time. */
const longestChain = 10

/**
 * Decides when a compiler is run anew: never twice at the same time, and once after a run during which something changed. A
 * run under way is left to end, since half a compilation helps nobody, and many leave half of their output.
 */
export class Reruns {
  readonly #listener: RerunsListener
  /** Folders and files that somebody changed while nothing was running: people work there. */
  readonly #worked = {folders: new Set<string>(), files: new Set<string>()}
  /** What compilers write, folders or single files. */
  readonly #outputs = new Set<string>()
  #isRunning = false
  /** When the last run began. */
  #startedAt = 0
  #pending: JudgedChange[] = []
  #again = false
  /** Why the last runs came about, as long as each was caused by nothing but what changed while compilers ran. */
  #chain: (readonly JudgedChange[])[] = []

  constructor(listener: RerunsListener) {
    this.#listener = listener
  }

  began(at: number): void {
    this.#isRunning = true
    this.#startedAt = at
  }

  ended(): void {
    if (!this.#isRunning) return
    this.#isRunning = false
    const [changes, again] = [this.#pending.splice(0), this.#again]
    this.#again = false
    if (again) this.#listener.run(changes)
    else if (changes.length > 0) this.#decide(changes)
  }

  /** Nothing runs, and nothing will on its own. */
  forget(): void {
    this.#isRunning = false
    this.#pending = []
    this.#again = false
  }

  take(changes: readonly JudgedChange[]): void {
    for (const {path, during} of changes) {
      if (during) continue
      this.#worked.folders.add(dirname(path))
      this.#worked.files.add(path)
    }
    const relevant = changes.filter(
      ({path, type, at, during}) =>
        // What was there before a run began, that has seen.
        (type === 'deleted' || at >= this.#startedAt - tick) && (!during || !this.#isOutput(path)),
    )
    if (this.#isRunning) this.#pending.push(...relevant)
    else if (relevant.length > 0) this.#decide(relevant)
  }

  /** Runs it whatever has changed, or once more after the run under way. */
  again(): void {
    if (!this.#isRunning) this.#listener.run([])
    else this.#again = true
  }

  #decide(changes: readonly JudgedChange[]): void {
    if (changes.some(({during}) => !during)) this.#chain = []
    else this.#chain.push(changes)
    const wanted = this.#chain.length > maxChain ? this.#withoutOutputs(changes) : changes
    if (wanted.length > 0) this.#listener.run(wanted)
  }

  #withoutOutputs(changes: readonly JudgedChange[]): JudgedChange[] {
    const found = this.#findOutputs(changes)
    for (const path of found) this.#outputs.add(path)
    if (found.size > 0) this.#listener.onOutputs([...found])
    return changes.filter(({path}) => !this.#isOutput(path))
  }

  /** What every run of the chain wrote: files, or folders in which it made new ones. If there is no such thing, all of it. */
  #findOutputs(changes: readonly JudgedChange[]): Set<string> {
    const {folders, files} = this.#worked
    const last = this.#chain.slice(-maxChain)
    const inAll = (name: string, namesOf: (change: JudgedChange) => string | undefined) =>
      last.every(one => one.some(change => namesOf(change) === name))
    const madeIn = ({type, path}: JudgedChange) => (type === 'created' ? dirname(path) : undefined)
    const found = new Set<string>()
    for (const {path} of changes) {
      const folder = dirname(path)
      if (!folders.has(folder) && inAll(folder, madeIn)) found.add(folder)
      else if (!files.has(path) && inAll(path, change => change.path)) found.add(path)
    }
    if (found.size > 0 || this.#chain.length <= longestChain) return found
    return new Set(changes.map(({path}) => dirname(path)).filter(folder => !folders.has(folder)))
  }

  #isOutput(path: string): boolean {
    return this.#outputs.has(path) || this.#outputs.has(dirname(path))
  }
}
