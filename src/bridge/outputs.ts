import {type Stamp, stampOf} from './stamp.ts'
import type {System, WriteFile} from './typescript-api.ts'

interface Written {
  stamp: Stamp | undefined
  text: string
}

/** The files that a compiler wrote. */
export class Outputs {
  readonly #system: System
  readonly #written = new Map<string, Written>()
  readonly #hash: (text: string) => string

  constructor(system: System, hash: (text: string) => string) {
    this.#system = system
    this.#hash = hash
  }

  /** What is written from here on is all there is. */
  clear(): void {
    this.#written.clear()
  }

  readonly write: WriteFile = (path, text, writeByteOrderMark, onError) => {
    try {
      this.#writeInFolder(path, text, writeByteOrderMark)
      this.#written.set(path, {stamp: stampOf(path), text: this.#hash(text)})
    } catch (error) {
      this.#written.set(path, {stamp: undefined, text: ''})
      onError?.(error instanceof Error ? error.message : String(error))
    }
  }

  /** Whether all of them are as they were written. */
  areThere(): boolean {
    for (const [path, written] of this.#written) {
      const stamp = stampOf(path)
      if (stamp === undefined || written.stamp === undefined) return false
      if (written.stamp.settled && written.stamp.text === stamp.text) continue
      if (this.#hash(this.#system.readFile(path) ?? '') !== written.text) return false
      written.stamp = stamp
    }
    return true
  }

  #writeInFolder(path: string, text: string, writeByteOrderMark: boolean | undefined): void {
    try {
      this.#system.writeFile(path, text, writeByteOrderMark)
    } catch {
      this.#makeFolder(parentOf(path))
      this.#system.writeFile(path, text, writeByteOrderMark)
    }
  }

  #makeFolder(path: string): void {
    if (path === '' || this.#system.directoryExists(path)) return
    this.#makeFolder(parentOf(path))
    this.#system.createDirectory(path)
  }
}

/** The compiler's paths have slashes everywhere; the root has no parent. */
function parentOf(path: string): string {
  const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
  return parent === path ? '' : parent
}
