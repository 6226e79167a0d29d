import type {Target} from '../driver/target.ts'
import type {SessionOptions} from '../session/types.ts'
import type {ProjectFiles} from './project-files.ts'

export interface WatchRequest extends Omit<SessionOptions, 'plan'> {
  /** Those that neither watch nor build are left out. */
  targets: readonly Target[]
  /** The one that was asked for; undefined: all of the project's. */
  toolchain?: string | undefined
  /** The person's own arguments, after those of tool.json. */
  args?: readonly string[] | undefined
  /** Whether raw output will be seen on a terminal that has colours. */
  color?: boolean
  /** The project's files, watched while compilers need it. */
  files?: ProjectFiles
  /** How others who join are served, and what changes with the pins; by default there is what `targets` says, and nothing else. */
  plan?: SessionOptions['plan'] | undefined
}
