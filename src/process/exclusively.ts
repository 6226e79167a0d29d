import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {makeDirectory} from '../base/files.ts'
import {acquireLock} from './lock.ts'

/**
 * The right to read and write a person's file, of several who do so at once. Best effort: where the home can't be
 * written, the last one to write wins.
 * @param nameOf tells the name of the lock; it may throw what the disk says
 * @throws the signal's reason
 */
export async function exclusively(
  {layout, signal, log}: Context,
  path: string,
  nameOf: () => string,
): Promise<AsyncDisposable> {
  try {
    makeDirectory(layout.locks)
    return await acquireLock(layout.lock(nameOf()), {signal})
  } catch (error) {
    signal.throwIfAborted()
    log.debug(`${path} is written without waiting for others: ${messageOf(error)}`)
    return {[Symbol.asyncDispose]: async () => {}}
  }
}
