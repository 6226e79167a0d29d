import type {Clock} from '../process/clock.ts'

/** What work comes to, if that is within `timeout` ms. @throws what `late` makes, where it is not */
export async function within<T>(
  work: Promise<T>,
  {clock, timeout, late}: {clock: Clock; timeout: number; late(): Error},
): Promise<T> {
  if (!Number.isFinite(timeout)) return work
  const over = Promise.withResolvers<never>()
  const cancel = clock.setTimeout(() => over.reject(late()), timeout)
  try {
    return await Promise.race([work, over.promise])
  } finally {
    cancel()
  }
}
