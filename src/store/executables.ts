import {chmodSync, copyFileSync, mkdirSync, realpathSync, statSync, symlinkSync} from 'node:fs'
import {extname, join, sep} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'
import type {ExecutableDefinition} from '../model/definition.ts'

/** The folder of an installed version that holds what its archive held. */
export const packageFolder = 'package'

/**
 * Makes `bin/` of a version from its unpacked package: one relative link for each executable.
 * @throws UserError EXECUTABLE_MISSING
 */
export function linkExecutables(
  directory: string,
  executables: Readonly<Record<string, ExecutableDefinition>>,
  what: string,
): void {
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  for (const [name, {path}] of Object.entries(executables)) {
    const target = join(directory, packageFolder, path)
    if (!isFileInside(target, join(directory, packageFolder))) throw missing(name, path, what)
    chmodSync(target, 0o755)
    // Windows lets only some people make links, and knows programs by their ending.
    if (process.platform === 'win32') copyFileSync(target, join(bin, `${name}${extname(path)}`))
    else symlinkSync(join('..', packageFolder, path), join(bin, name))
  }
}

function isFileInside(path: string, directory: string): boolean {
  if (!statSync(path, {throwIfNoEntry: false})?.isFile()) return false
  return realpathSync(path).startsWith(realpathSync(directory) + sep)
}

function missing(name: string, path: string, what: string): UserError {
  return new UserError({
    code: 'EXECUTABLE_MISSING',
    message: `${what} has no ${path}, where its definition looks for ${name}`,
    hint: 'correct the definition, or choose another version',
    exitCode: Exit.badPin,
  })
}
