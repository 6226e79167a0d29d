import type {Context} from '../../base/context.ts'
import {describeOrigin} from '../../base/origin.ts'
import type {InstalledVersion} from '../../house/versions.ts'
import {columns} from './columns.ts'

/** A line a version, `*` before those that are pinned here. */
export function renderVersions(versions: readonly InstalledVersion[], {cwd}: Pick<Context, 'cwd'>): string {
  return columns(
    versions.map(({toolchain, version, current}) => [
      `${current ? '*' : ' '} ${toolchain}`,
      version,
      current ? `(set by ${describeOrigin(current, cwd)})` : '',
    ]),
  ).replaceAll(/ +$/gm, '')
}
