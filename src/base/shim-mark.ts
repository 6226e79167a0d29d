import {closeSync, openSync, readSync, statSync} from 'node:fs'

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
    return stats.isFile() && stats.size <= largestShim && isShim(beginningOf(path))
  } catch {
    return false
  }
}

function beginningOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(512)
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(file)
  }
}
