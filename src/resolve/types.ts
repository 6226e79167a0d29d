import type {Pin} from '../pin/types.ts'
import type {Installed} from '../store/types.ts'
import type {VersionSpec} from '../version/spec.ts'

/** What a pin comes down to on this machine. */
export type Resolved = {
  toolchain: string
  pin: Pin
  /** The one of the pin's specs that decided; where nothing is there, the one to be installed. */
  spec: VersionSpec
} & (
  | {via: 'store'; installed: Installed}
  /** A `path:` pin: the folder that its executables are in. */
  | {via: 'path'; bin: string}
  | {via: 'system'}
  | {via: 'missing'}
)

/** A program with what comes before its own arguments, and the folders that come first on its PATH. */
export interface CommandLine {
  file: string
  args: readonly string[]
  binDirectories: readonly string[]
}
