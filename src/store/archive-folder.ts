import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'

/** Does what may fail: the cache of archives costs time only. */
export function quietly({log}: Context, work: () => void): void {
  try {
    work()
  } catch (error) {
    log.debug(`the cache of archives: ${messageOf(error)}`)
  }
}
