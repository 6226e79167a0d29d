import type {Context} from '../../base/context.ts'
import {describeOrigin} from '../../base/origin.ts'
import type {Setting} from '../../house/config.ts'
import {columns} from './columns.ts'

/** A line a setting: its value, and who set it. */
export function renderSettings(settings: readonly Setting[], {cwd}: Pick<Context, 'cwd'>): string {
  return columns(
    settings.map(({key, value, origin}) => [
      key,
      settingText(value),
      origin.kind === 'default' ? '(the default)' : `(set by ${describeOrigin(origin, cwd)})`,
    ]),
  )
}

/** A value as `tool config set` takes it. */
export function settingText(value: Setting['value']): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
