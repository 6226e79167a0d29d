import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {checkOf} from '../pin/lock-check.ts'
import type {LockEntry} from '../pin/lock-types.ts'
import type {Resolved} from '../resolve/types.ts'
import {findFreshlyLinked, linkPath} from '../store/linked.ts'
import {isLinked, type Meaning, updateLinks} from '../store/links.ts'
import {isMarkedLocked, markLocked} from '../store/locked-mark.ts'
import type {Installed} from '../store/types.ts'

/**
 * Leaves a link for each range or tag that was just resolved in the store and has none, and word in each version that a
 * lock names, so that a shim finds it by itself the next time. Where none can be made, shims go on asking.
 */
export async function linkForShims(context: Context, resolved: readonly Resolved[]): Promise<void> {
  for (const {toolchain, spec, ...found} of resolved) {
    if (found.via !== 'store') continue
    if (found.locked) {
      if (!found.linked) markForShims(found.installed, found.locked.entry)
      continue
    }
    const meaning = {spec, version: found.installed.version}
    if (isSettled(context, toolchain, meaning)) continue
    try {
      await updateLinks(context, toolchain, meaning)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      context.log.debug(`no link for ${toolchain} ${spec.text}: ${error.message}`)
    }
  }
}

/** Whether there is nothing to link, or the link is known to be right. */
function isSettled(context: Context, toolchain: string, meaning: Meaning): boolean {
  const {spec} = meaning
  if (spec.kind !== 'range') return isLinked(context, toolchain, meaning)
  if (linkPath(context, toolchain, spec) === undefined) return true
  return findFreshlyLinked(context, toolchain, spec) !== undefined
}

/** The check of a line that was changed by hand says nothing of the archives below it. */
function markForShims(installed: Installed, entry: LockEntry): void {
  const {check} = entry
  if (check === undefined || isMarkedLocked(installed, check)) return
  if (checkOf(entry) === check) markLocked(installed, check)
}
