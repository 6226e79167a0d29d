import {statSync} from 'node:fs'

/** How finely a file system may tell times, in ms: what is written twice within it may look unchanged. */
const granularity = 2500

/** What tells one content of a file from another without reading it. */
export interface Stamp {
  text: string
  /** Whether a later change would surely give another one. */
  settled: boolean
}

/** The stamp of a file; undefined where there is none. */
export function stampOf(path: string): Stamp | undefined {
  try {
    const stats = statSync(path, {throwIfNoEntry: false})
    if (stats === undefined || !stats.isFile()) return undefined
    const {ino, size, mtimeMs, ctimeMs} = stats
    // Also a clock that runs ahead of ours leaves it unsettled: the file is read again then.
    return {
      text: `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
      settled: Date.now() - Math.max(mtimeMs, ctimeMs) > granularity,
    }
  } catch {
    return undefined
  }
}
