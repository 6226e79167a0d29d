import type {Context} from '../../base/context.ts'
import {describeOrigin} from '../../base/origin.ts'
import type {PinAge} from '../../house/outdated.ts'
import {columns} from './columns.ts'

/** A line a pin below a line of titles; nothing for no pins. */
export function renderOutdated(ages: readonly PinAge[], {cwd}: Pick<Context, 'cwd'>): string {
  if (ages.length === 0) return ''
  return columns([
    ['TOOLCHAIN', 'CURRENT', 'WANTED', 'LATEST', 'PINNED AS'],
    ...ages.map(({toolchain, current, wanted, latest, specs, origin}) => [
      toolchain,
      current ?? 'missing',
      wanted,
      latest,
      `${specs.join(' ')} (${describeOrigin(origin, cwd)})`,
    ]),
  ])
}
