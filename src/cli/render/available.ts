import type {Available} from '../../house/available.ts'
import {columns} from './columns.ts'

/** A line a version, newest last: its number, the tags that mean it, whether it is installed. */
export function renderAvailable({versions}: Available): string {
  return columns(
    versions.map(({version, tags, installed}) => [version, tags.join(', '), installed ? 'installed' : '']),
  )
}
