import type {Context} from '../../base/context.ts'
import {describeOrigin, type Origin} from '../../base/origin.ts'
import type {VersionList} from '../../house/versions.ts'
import {renderBytes} from './bytes.ts'
import {columns} from './columns.ts'

export interface VersionsView {
  /** Only one toolchain is listed, so its name is left out. */
  single: boolean
  /** Bytes on the disk, in the order of the versions. */
  sizes?: readonly number[] | undefined
}

/** A line a version, `*` before those that are pinned here, the system's first. */
export function renderVersions(
  {versions, system}: VersionList,
  {cwd}: Pick<Context, 'cwd'>,
  {single, sizes}: VersionsView,
): string {
  const row = (toolchain: string, version: string, current: Origin | null, bytes?: number) => [
    ...(single ? [`${current ? '*' : ' '} ${version}`] : [`${current ? '*' : ' '} ${toolchain}`, version]),
    ...(sizes ? [bytes === undefined ? '' : renderBytes(bytes)] : []),
    current ? `(set by ${describeOrigin(current, cwd)})` : '',
  ]
  return columns([
    ...system.map(({toolchain, current}) => row(toolchain, 'system', current)),
    ...versions.map(({toolchain, version, current}, at) => row(toolchain, version, current, sizes?.[at])),
  ])
}
