import type {Mirrored} from '../../house/mirror.ts'
import {renderBytes} from './bytes.ts'
import {columns} from './columns.ts'

/** A line an archive: what it is of, its size, and whether it is new. */
export function renderMirrored(all: readonly Mirrored[]): string {
  return columns(
    all.map(({toolchain, version, platform, size, fresh}) => [
      toolchain,
      version,
      platform,
      renderBytes(size),
      fresh ? 'added' : 'there already',
    ]),
  )
}
