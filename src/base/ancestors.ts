import {dirname} from 'node:path'
import type {Context} from './context.ts'
import {realPathIfAny} from './real-path.ts'

/** A folder and all above it, nearest first. */
export function* ancestors(directory: string): Generator<string> {
  let at = directory
  for (let above = dirname(at); above !== at; above = dirname(at)) {
    yield at
    at = above
  }
  yield at
}

/** As `ancestors`, but inside the person's home only what is below it: nobody's home is a project. */
export function* projectAncestors(
  directory: string,
  {userHome}: Pick<Context, 'userHome'>,
): Generator<string> {
  const homes = new Set([userHome, realPathIfAny(userHome) ?? userHome])
  for (const at of ancestors(directory)) {
    if (homes.has(at)) return
    yield at
  }
}
