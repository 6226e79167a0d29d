import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {ExecRequest} from '../house/exec.ts'
import {pinFromArgument} from '../pin/argument.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'

/**
 * The words after `tool exec`: `[TOOLCHAIN@SPEC… --] COMMAND [ARGUMENT…]`.
 * @throws UserError EXEC_WITHOUT_COMMAND, PIN_*
 */
export function execRequest(context: Context, words: readonly string[]): ExecRequest {
  const end = words.indexOf('--')
  const before = end < 0 ? [] : words.slice(0, end)
  const named = end >= 0 && before.every(word => word.lastIndexOf('@') > 0)
  const [command, ...args] = named ? words.slice(end + 1) : words
  if (command === undefined || command === '') {
    throw new UserError({
      code: 'EXEC_WITHOUT_COMMAND',
      message: 'tool exec needs a command to run',
      hint: 'tool exec tsc --version, or: tool exec typescript@5.9.3 -- tsc --version',
      exitCode: Exit.usage,
    })
  }
  const byDefault = before.length > 0 ? defaultToolchain(context) : ''
  return {command, args, pins: named ? before.map(word => pinFromArgument(word, byDefault, context)) : []}
}
