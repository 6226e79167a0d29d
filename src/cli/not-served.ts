import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {isSuperviseFile, placeName} from './supervise-file.ts'

/**
 * Nothing that is meant runs for a project.
 * @param what is looked for: a server, or whatever runs
 * @param name of the toolchain or task that was named
 * @param running names of those that do run
 */
export function notServed(
  root: string,
  what: 'server' | 'worker',
  name: string | undefined,
  running: readonly string[],
): UserError {
  const [anything, one] =
    what === 'server' ? ['no server', `no server of ${name}`] : ['nothing', `no ${name}`]
  return new UserError({
    code: 'NOT_SERVED',
    message: `${name === undefined ? anything : one} runs for ${placeName(root)}`,
    hint: hintFor(root, what, name, running),
    exitCode: Exit.workerFailed,
  })
}

function hintFor(
  root: string,
  what: 'server' | 'worker',
  name: string | undefined,
  running: readonly string[],
): string {
  const [meant] = name === undefined ? [] : nearestNames(name, running)
  if (meant !== undefined) return `did you mean ${meant}?`
  if (running.length > 0) return `there is one of ${[...new Set(running)].join(', ')}`
  if (isSuperviseFile(root)) return `start it: tool supervise ${root}`
  return what === 'server' ? 'start it: tool serve' : 'start it: tool serve, or tool watch'
}
