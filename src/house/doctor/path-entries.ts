import {delimiter, isAbsolute, resolve} from 'node:path'
import type {Context} from '../../base/context.ts'
import {realPathIfAny} from '../../base/real-path.ts'

/** The absolute folders of PATH, in order, each once. */
export function pathEntries({env}: Pick<Context, 'env'>): string[] {
  const all = (env.PATH ?? '').split(delimiter).filter(isAbsolute)
  return [...new Set(all.map(entry => resolve(entry)))]
}

/** Whether two paths lead to the same folder. */
export function sameFolder(a: string, b: string): boolean {
  return resolve(a) === resolve(b) || (realPathIfAny(a) ?? a) === (realPathIfAny(b) ?? b)
}
