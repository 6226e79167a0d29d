import {mkdirSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {errnoOf, messageOf} from '../base/errors.ts'
import {storeError} from './errors.ts'
import {isAbandoned, ownedName} from './owned-name.ts'

export interface Staging extends Disposable {
  /** An empty folder on the file system of the versions; removed when this is disposed of, whatever is in it. */
  directory: string
}

/**
 * A folder to build in, whose name says which process works there.
 * @throws UserError HOME_NOT_A_DIRECTORY, DISK_FULL, PERMISSION_DENIED, READ_ONLY
 */
export function createStaging(context: Context, label: string): Staging {
  const directory = join(context.layout.staging, ownedName(label))
  try {
    mkdirSync(directory, {recursive: true})
  } catch (error) {
    throw storeError(error, context.layout)
  }
  return {directory, [Symbol.dispose]: () => rmSync(directory, {recursive: true, force: true, maxRetries: 3})}
}

/** Removes what processes left in staging that are no more. */
export function sweepStaging(context: Context): void {
  for (const path of abandonedStaging(context)) {
    context.log.debug(`staging: removing ${path}, whose process is no more`)
    try {
      rmSync(path, {recursive: true, force: true, maxRetries: 3})
    } catch (error) {
      // It is in nobody's way.
      context.log.debug(`staging: ${messageOf(error)}`)
    }
  }
}

/** The folders that processes left in staging that are no more. */
export function abandonedStaging(context: Context): string[] {
  return stagedNames(context)
    .filter(isAbandoned)
    .map(name => join(context.layout.staging, name))
}

function stagedNames({layout}: Context): string[] {
  try {
    return readdirSync(layout.staging)
  } catch (error) {
    // A home that is a file, or links to itself, has none.
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return []
    throw storeError(error, layout)
  }
}
