/** For the whole process, as its exit is: a listener for each of many supervisors would look like a leak to Node. */
const callbacks = new Set<() => void>()

/**
 * Has a callback called when this process exits, whatever ends it but a signal; it must not wait for anything.
 * @returns a function that takes it back
 */
export function atExit(callback: () => void): () => void {
  if (callbacks.size === 0) process.on('exit', callAll)
  callbacks.add(callback)
  return () => {
    if (callbacks.delete(callback) && callbacks.size === 0) process.off('exit', callAll)
  }
}

function callAll(): void {
  for (const callback of callbacks) callback()
}
