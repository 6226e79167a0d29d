import {realpathSync} from 'node:fs'

/** A path without symbolic links, or undefined where it leads to nothing. */
export function realPathIfAny(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}
