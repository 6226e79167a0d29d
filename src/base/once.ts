/** A function that does its work at the first call, and gives the same answer ever after; work that throws is tried again. */
export function once<T>(work: () => T): () => T {
  let done: {result: T} | undefined
  return () => {
    done ??= {result: work()}
    return done.result
  }
}
