import type {Target} from '../driver/target.ts'
import type {ServeSettings} from '../model/project-config.ts'
import type {SessionOptions} from '../session/types.ts'

export interface ServeRequest extends Omit<SessionOptions, 'plan'> {
  /** Those without a server are left out. */
  targets: readonly Target<ServeSettings>[]
  /** The one that was asked for; undefined: all of the project's. */
  toolchain?: string | undefined
  /** The person's own arguments, after those of tool.json. */
  args?: readonly string[]
  /** Wished on the command line; tool.json comes next, then 127.0.0.1. */
  host?: string | undefined
  /** Wished on the command line; tool.json comes next, then 0, which means any. */
  port?: number | undefined
  /** Whether raw output will be seen on a terminal that has colours. */
  color?: boolean
  /** How others who join are served, and what changes with the pins; by default there is what `targets` says, and nothing else. */
  plan?: SessionOptions['plan'] | undefined
}
