import type {Context} from '../base/context.ts'
import {findProject} from '../pin/project.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {type CurrentPin, current} from './current.ts'

/** Where a person is. */
export interface Status {
  /** The root of the project of the working directory; null outside of any. */
  project: string | null
  pins: CurrentPin[]
}

/**
 * What holds in the working directory, apart from what runs.
 * @throws UserError PIN_*, UNKNOWN_TOOLCHAIN
 */
export function status(context: Context, definitions: Definitions): Status {
  return {project: findProject(context, definitions)?.root ?? null, pins: current(context, definitions)}
}
