import type {Context} from '../../base/context.ts'
import type {Definitions} from '../../toolchain/definitions.ts'

/** What a check looks at. */
export interface Checked {
  context: Context
  /** Undefined where the definitions of toolchains can't be read. */
  definitions: Definitions | undefined
}
