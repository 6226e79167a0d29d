import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {rehash} from '../shim/rehash.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/**
 * Brings the shims in line after versions came or went. That this can't be done spoils nothing that was done: it is a
 * warning.
 */
export async function rehashAfter(context: Context, definitions: Definitions): Promise<void> {
  try {
    const {foreign} = await rehash(context, definitions)
    for (const name of foreign)
      context.log.warning(`${name} in ${context.layout.shims} is no shim, and is left alone`)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    context.log.warning(`the shims are not up to date: ${error.message}; ${error.hint}; then: tool rehash`)
  }
}
