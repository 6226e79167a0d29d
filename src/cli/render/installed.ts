import type {InstalledPin} from '../install-words.ts'
import {columns} from './columns.ts'

/** A line for each version: whether it was installed now, and where it is. */
export function renderInstalled(installed: readonly InstalledPin[]): string {
  return columns(
    installed.map(({toolchain, version, fresh, directory}) => [
      `${toolchain} ${version}`,
      fresh ? 'installed' : 'was installed already',
      directory,
    ]),
  )
}
