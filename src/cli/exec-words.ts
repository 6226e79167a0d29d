import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {ExecRequest} from '../house/exec.ts'
import {pinFromArgument} from '../pin/argument.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import {findPin} from '../pin/find.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {looksLikeSpec} from '../version/spec.ts'
import type {FlagValue} from './verb.ts'

/**
 * The words after `tool exec`: `[[TOOLCHAIN@]SPEC… --] COMMAND [ARGUMENT…]`. A spec alone is of the toolchain of `-t`,
 * else of the default one; `-t` without any means what is pinned of that toolchain.
 * @throws UserError EXEC_WITHOUT_COMMAND, UNKNOWN_TOOLCHAIN, PIN_*
 */
export function execRequest(
  context: Context,
  definitions: Definitions,
  words: readonly string[],
  toolchain: FlagValue | undefined,
): ExecRequest {
  const chosen =
    typeof toolchain === 'string'
      ? definitions.get(toolchain, {kind: 'argument', text: `-t ${toolchain}`}).name
      : undefined
  const end = words.indexOf('--')
  const before = end < 0 ? [] : words.slice(0, end)
  const named = end >= 0 && before.every(word => namesVersion(word, chosen !== undefined))
  const [command, ...args] = named ? words.slice(end + 1) : words
  if (command === undefined || command === '') {
    throw new UserError({
      code: 'EXEC_WITHOUT_COMMAND',
      message: 'tool exec needs a command to run',
      hint: 'tool exec tsc --version, or: tool exec typescript@5.9.3 -- tsc --version',
      exitCode: Exit.usage,
    })
  }
  if (named && before.length > 0) {
    const byDefault = chosen ?? defaultToolchain(context)
    return {command, args, pins: before.map(word => pinFromArgument(word, byDefault, context))}
  }
  return {command, args, pins: chosen === undefined ? [] : [findPin(context, definitions, chosen)]}
}

/** A program may well be called `next`, so without `-t` a name alone is a command. */
function namesVersion(word: string, isChosen: boolean): boolean {
  return word.lastIndexOf('@') > 0 || (looksLikeSpec(word) && (isChosen || !/^[a-z]+$/.test(word)))
}
