/** A promise with its ends in hand. Node 20, which may run compilers that use the SDK, has no `Promise.withResolvers`. */
export function deferred<T>(): PromiseWithResolvers<T> {
  const ends: Partial<PromiseWithResolvers<T>> = {}
  const promise = new Promise<T>((resolve, reject) => Object.assign(ends, {resolve, reject}))
  return {promise, ...ends} as PromiseWithResolvers<T>
}
