import {existsSync, statSync} from 'node:fs'
import {resolve} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {liveRecords} from '../supervisor/control-record.ts'

/** A file of `tool supervise`, and perhaps one of its tasks. */
export interface NamedFile {
  /** Absolute real path. */
  path: string
  task: string | undefined
}

/**
 * The file that a word names as `dev.toml` or `dev.toml:TASK`, where it can't be the name of a toolchain; undefined
 * for other words. One that was removed counts while it is supervised.
 * @throws UserError SUPERVISE_FILE_MISSING
 */
export function superviseFileNamed({cwd, layout}: Context, word: string): NamedFile | undefined {
  const [, before = word, task] = /^(.+[/\\.].*):([\w.-]+)$/.exec(word) ?? []
  for (const [name, rest] of [
    [word, undefined],
    [before, task],
  ] as const) {
    if (!/[/\\]|\.(?:toml|json)$/.test(name)) continue
    const path = resolve(cwd, name)
    if (isSuperviseFile(path)) return {path: realPathIfAny(path) ?? path, task: rest}
    if (!existsSync(path) && liveRecords(layout).some(({root}) => root === path)) return {path, task: rest}
  }
  if (!/[/\\]|\.(?:toml|json)(?::|$)/.test(word)) return undefined
  throw new UserError({
    code: 'SUPERVISE_FILE_MISSING',
    message: `there is no file ${resolve(cwd, before)}`,
    hint: 'see what runs, and for which files: tool ps',
    exitCode: Exit.usage,
  })
}

/** What runs for a root is called so in messages: `the project in /app`, `/app/dev.toml`. */
export function placeName(root: string): string {
  return isSuperviseFile(root) ? root : `the project in ${root}`
}

/** Projects are folders. */
export function isSuperviseFile(root: string): boolean {
  return statSync(root, {throwIfNoEntry: false})?.isFile() === true
}
