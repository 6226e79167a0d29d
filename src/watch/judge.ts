import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import {pipeline} from 'node:stream/promises'
import {inParallel} from '../base/in-parallel.ts'
import type {Change, JudgedChange} from './change.ts'

/** A deletion has no time of its own, and is noticed late, in ms. */
const late = 300
/** Runs that ended this long ago wrote nothing that is still unheard of, in ms. */
const memory = 60_000
/** Files whose content is remembered. */
const maxContents = 50_000
/** Of a longer file size and time stand for its content, in bytes. */
const maxHashed = 16 * 1024 * 1024
const jobs = 8

interface Run {
  from: number
  to: number
}

/**
 * Tells what a compiler writes from what people do: of what changes while one runs, only what has another content than the
 * time before counts. So a build that writes into its own inputs comes to rest.
 */
export class Judge {
  readonly #runs = new Map<string, Run>()
  readonly #contents = new Map<string, string>()
  #past: Run[] = []

  /** A compiler began to work. */
  began(who: string, at: number): void {
    this.ended(who, at)
    this.#runs.set(who, {from: at, to: Number.POSITIVE_INFINITY})
  }

  ended(who: string, at: number): void {
    const run = this.#runs.get(who)
    if (run === undefined) return
    this.#runs.delete(who)
    this.#past = [...this.#past.filter(({to}) => to > at - memory), {...run, to: at}]
  }

  /** What counts of these, and whether a compiler may have done it. */
  async judge(changes: readonly Change[]): Promise<JudgedChange[]> {
    const judged = await inParallel(changes, jobs, async change => {
      const during = this.wasDuring(change)
      if (!during) this.#contents.delete(change.path)
      if (during && (await this.#isAsBefore(change.path))) return undefined
      return {...change, during}
    })
    return judged.filter(change => change !== undefined)
  }

  /**
   * Whether a compiler was at work when it happened. In doubt it was: a file system's clock is a little behind.
   * @param doubt ms before the end of a run that don't count for this
   */
  wasDuring({at, type}: Change, doubt = 0): boolean {
    const slack = type === 'deleted' ? late : -doubt
    return [...this.#runs.values(), ...this.#past].some(({from, to}) => at >= from && at <= to + slack)
  }

  async #isAsBefore(path: string): Promise<boolean> {
    const before = this.#contents.get(path)
    const now = await contentOf(path)
    this.#contents.delete(path)
    this.#contents.set(path, now)
    if (this.#contents.size > maxContents) {
      for (const oldest of this.#contents.keys()) {
        this.#contents.delete(oldest)
        break
      }
    }
    return before === now
  }
}

/** What tells one content from another; the same for all files that are not there. */
async function contentOf(path: string): Promise<string> {
  try {
    const {size, mtimeMs} = await stat(path)
    if (size > maxHashed) return `${size} ${mtimeMs}`
    const hash = createHash('sha1')
    await pipeline(createReadStream(path), hash)
    return hash.digest('hex')
  } catch {
    return 'none'
  }
}
