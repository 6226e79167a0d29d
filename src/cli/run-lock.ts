import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {lock} from '../install/lock.ts'
import type {LockedFile} from '../install/lock-folder.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {rememberThisProject} from './remember-project.ts'
import {requireProject} from './require-project.ts'

/**
 * `tool lock [--upgrade [TOOLCHAIN…]]`
 * @throws UserError USAGE, NO_PROJECT, UNKNOWN_TOOLCHAIN, and those of `lock`
 */
export async function runLock(
  context: Context,
  words: readonly string[],
  {upgrade}: {upgrade: boolean},
): Promise<LockedFile[]> {
  if (words.length > 0 && !upgrade) throw needsUpgrade(words)
  const definitions = await loadDefinitions(context)
  const project = requireProject(context, definitions)
  const names = words.map(word => definitions.get(word, {kind: 'argument', text: word}).name)
  const locked = await lock(context, definitions, project, {
    ...(upgrade && {upgrade: names.length === 0 ? 'all' : names}),
  })
  await rememberThisProject(context, definitions)
  return locked
}

function needsUpgrade(words: readonly string[]): UserError {
  return new UserError({
    code: 'USAGE',
    message: 'tool lock locks everything that the project pins; it takes toolchains with --upgrade only',
    hint: `tool lock --upgrade ${words.join(' ')}, or tool lock`,
    exitCode: Exit.usage,
  })
}
