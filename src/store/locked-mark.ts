import {existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {errnoOf} from '../base/errors.ts'
import type {Installed} from './types.ts'

/**
 * Leaves word in a version that it is the one which locks with this check name, so that shims need not read a receipt.
 * Where the store can't be written they go on asking.
 */
export function markLocked({directory}: Pick<Installed, 'directory'>, check: string): void {
  try {
    mkdirSync(join(directory, 'locked'), {recursive: true})
    writeFileSync(join(directory, 'locked', check), '')
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
  }
}

/** Whether that word was left. */
export function isMarkedLocked({directory}: Pick<Installed, 'directory'>, check: string): boolean {
  return existsSync(join(directory, 'locked', check))
}
