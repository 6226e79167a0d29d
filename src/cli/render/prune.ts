import type {Context} from '../../base/context.ts'
import type {PrunePlan} from '../../house/prune.ts'
import {renderBytes} from './bytes.ts'
import {columns} from './columns.ts'
import {describeReason} from './reason.ts'

export interface PruneView {
  /** Nothing was done. */
  dryRun: boolean
  /** What stays is told, and why. */
  verbose: boolean
}

/** What goes, a line each with its size; the total last. */
export function renderPrune(
  plan: PrunePlan,
  context: Pick<Context, 'cwd'>,
  {dryRun, verbose}: PruneView,
): string {
  const {remove, keep, leftovers, bytes} = plan
  const kept = verbose
    ? columns(
        keep.map(({toolchain, version, bytes: size, reasons}) => [
          `${toolchain} ${version}`,
          renderBytes(size),
          `stays: ${reasons.map(reason => describeReason(reason, context)).join(', ')}`,
        ]),
      )
    : ''
  const others = leftovers.cached.length + leftovers.staged.length + leftovers.logs.length
  const total = [
    `${remove.length} ${remove.length === 1 ? 'version' : 'versions'}`,
    ...(others === 0 ? [] : [`${others} ${others === 1 ? 'leftover' : 'leftovers'}`]),
  ].join(' and ')
  const verb = dryRun ? 'would be removed' : 'removed'
  if (remove.length + others === 0) return `${kept}nothing to remove\n`
  return `${kept}${renderRemovals(plan)}${total} ${verb}, ${renderBytes(bytes)}\n`
}

/** The versions that go, with their sizes. */
export function renderRemovals({remove}: PrunePlan): string {
  return columns(remove.map(({toolchain, version, bytes}) => [`${toolchain} ${version}`, renderBytes(bytes)]))
}
