import {renameSync} from 'node:fs'
import {errnoOf} from './errors.ts'

/** How long others may look at something, in ms: a scanner of viruses or an indexer does so for a moment. */
const patience = 2000
const pause = 20

/**
 * Renames a file or folder. Windows refuses that while somebody else has it open, which may be over soon, so there it is
 * tried for two seconds.
 * @throws the system's error
 */
export function rename(from: string, to: string): void {
  if (process.platform === 'win32') whenFree(() => renameSync(from, to), patience)
  else renameSync(from, to)
}

/** Does what may fail for a moment only, since somebody else has it open on Windows. @throws the last error after `ms` */
export function whenFree(action: () => void, ms: number): void {
  for (const deadline = Date.now() + ms; ; ) {
    try {
      action()
      return
    } catch (error) {
      if (!inUse.has(errnoOf(error) ?? '') || Date.now() >= deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
  }
}

const inUse: ReadonlySet<string> = new Set(['EBUSY', 'EPERM', 'EACCES'])
