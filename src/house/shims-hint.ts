import {existsSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {writeFileAtomic} from '../base/files.ts'
import {listShims} from '../shim/rehash.ts'
import {pathEntries, sameFolder} from './doctor/path-entries.ts'
import {initAdvice} from './init-advice.ts'

/**
 * What to do for the shims to be found, where there are some and they are not on PATH; told once a home, since who does
 * without them does so on purpose, and never in CI.
 */
export function shimsHint(context: Context): string | undefined {
  const {layout, env, log} = context
  if (env.CI || existsSync(layout.hints)) return undefined
  if (pathEntries(context).some(entry => sameFolder(entry, layout.shims))) return undefined
  const [first] = listShims(context)
  if (first === undefined) return undefined
  try {
    writeFileAtomic(layout.hints, `${JSON.stringify({schema: 1, told: ['shims']})}\n`)
  } catch (error) {
    // It is told again.
    log.debug(`${layout.hints}: ${messageOf(error)}`)
  }
  const {line, file} = initAdvice(context)
  return `to run ${first} by its name, add this line to ${file} and start a new shell: ${line}`
}
