/** Resolves when something calls back once, or the signal is aborted. */
export async function nextOf(
  listen: (callback: () => void) => () => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const {promise, resolve} = Promise.withResolvers<void>()
  const onAbort = () => resolve()
  const forget = listen(resolve)
  signal?.addEventListener('abort', onAbort, {once: true})
  if (signal?.aborted) resolve()
  await promise
  signal?.removeEventListener('abort', onAbort)
  forget()
}
