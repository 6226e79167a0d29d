import {statSync} from 'node:fs'
import {beginningOf} from './files.ts'

/** What every shim of ours has near its beginning, and nothing else has. */
const shimMark = 'A shim of toolversion, written by `tool rehash`'

/** Larger files are no shims, and need no look. */
const largestShim = 65_536

/** Whether a text is a shim of ours. */
export function isShim(text: string): boolean {
  return text.slice(0, 256).includes(shimMark)
}

/** Whether a file, or what a link leads to, is a shim of this or of another home. False for what can't be read. */
export function isShimFile(path: string): boolean {
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size <= largestShim && isShim(beginningOf(path, 512))
  } catch {
    return false
  }
}
