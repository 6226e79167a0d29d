import type {Context} from '../../base/context.ts'
import {shortPath} from '../../base/origin.ts'
import type {Pinned} from '../../house/pinned.ts'
import {columns} from './columns.ts'

/** A line for each pin that was written: toolchain, version, file. */
export function renderPinned(pinned: readonly Pinned[], {cwd}: Pick<Context, 'cwd'>): string {
  return columns(
    pinned.map(({toolchain, specs, origin}) => [
      `${toolchain} ${specs.join(' ')}`,
      origin.kind === 'file' ? `in ${shortPath(origin.path, cwd)}` : '',
    ]),
  )
}
