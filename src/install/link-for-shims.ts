import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import type {Resolved} from '../resolve/types.ts'
import {isLinked, updateLinks} from '../store/links.ts'

/**
 * Leaves a link for each range or tag that was just resolved in the store and has none, so that a shim finds it by
 * itself the next time. Where none can be made, shims go on asking.
 */
export async function linkForShims(context: Context, resolved: readonly Resolved[]): Promise<void> {
  for (const {toolchain, spec, ...found} of resolved) {
    if (found.via !== 'store') continue
    const meaning = {spec, version: found.installed.version}
    if (isLinked(context, toolchain, meaning)) continue
    try {
      await updateLinks(context, toolchain, meaning)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      context.log.debug(`no link for ${toolchain} ${spec.text}: ${error.message}`)
    }
  }
}
