import {type Stamp, stampOf} from './stamp.ts'

interface Known {
  stamp: Stamp
  text: string | undefined
}

/** The texts of files that were read before: one that did not change is not read again, and its text is the same string. */
export class FileTexts {
  readonly #known = new Map<string, Known>()
  readonly #read: (path: string) => string | undefined

  constructor(read: (path: string) => string | undefined) {
    this.#read = read
  }

  /** The text as it is now; undefined for what can't be read. */
  text(path: string): string | undefined {
    const stamp = stampOf(path)
    if (stamp === undefined) {
      this.#known.delete(path)
      return this.#read(path)
    }
    const before = this.#known.get(path)
    if (before?.stamp.settled && before.stamp.text === stamp.text) return before.text
    const read = this.#read(path)
    const text = read === before?.text ? before?.text : read
    this.#known.set(path, {stamp, text})
    return text
  }

  /** Forgets all others. */
  keep(paths: ReadonlySet<string>): void {
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path)
  }
}
