import type {Context} from '../base/context.ts'
import type {Network} from '../fetch/network.ts'

/** What every kind of source works with. */
export interface Around {
  context: Context
  network: Network
  /** Whether fresh copies in the cache are passed over. */
  refresh: boolean
  toolchain: string
}
