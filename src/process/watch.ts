import {type FSWatcher, watch} from 'node:fs'
import {basename, dirname} from 'node:path'

/** Resolves when the file may have changed, and in any case after `atMost` ms. @throws the signal's reason */
export async function changed(path: string, atMost: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const {promise, resolve} = Promise.withResolvers<void>()
  const stop = () => resolve()
  const timer = setTimeout(stop, atMost)
  const watcher = watchIfPossible(path, stop)
  signal?.addEventListener('abort', stop)
  try {
    await promise
  } finally {
    clearTimeout(timer)
    watcher?.close()
    signal?.removeEventListener('abort', stop)
  }
  signal?.throwIfAborted()
}

/** The system's watches may be used up; the timer is enough then. */
function watchIfPossible(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const name = basename(path)
    const watcher = watch(dirname(path), (_event, changedName) => {
      if (changedName === null || changedName === name) onChange()
    })
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}
