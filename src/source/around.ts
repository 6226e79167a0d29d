import type {Context} from '../base/context.ts'
import type {Network} from '../fetch/network.ts'

/** What every kind of source works with. */
export interface Around {
  context: Context
  network: Network
  /** Whether fresh copies in the cache are passed over. */
  refresh: boolean
  toolchain: string
  /** Does work of this name the first time, and gives its result every time: many platforms need the same documents. */
  once<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** For `Around.once`. */
export function remember(): Around['once'] {
  const results = new Map<string, Promise<unknown>>()
  return <T>(name: string, work: () => Promise<T>) => {
    const known = results.get(name) ?? work()
    results.set(name, known)
    return known as Promise<T>
  }
}
