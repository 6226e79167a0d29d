import {chmodSync, copyFileSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {extname, join, sep} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'
import type {ExecutableDefinition} from '../model/source-definition.ts'
import {readReceipt} from './receipt.ts'
import type {Installed} from './types.ts'

/** The folder of an installed version that holds what its archive held. */
export const packageFolder = 'package'

/** The folder that names those executables which Node runs: a shim can't read a receipt. */
const nodeFolder = 'node'

/** Whom to tell that an executable is not where it should be. */
interface Blame {
  /** The toolchain and its version. */
  what: string
  /** The file that a person wrote the definition in; undefined for one that came with this program. */
  definition: string | undefined
}

/**
 * Makes `bin/` of a version from its unpacked package: one relative link for each executable, and
 * where Node runs some of them `node/`, with an empty file for each of those.
 * @param os of the machine that it is for
 * @returns the folders that it made
 * @throws UserError EXECUTABLE_MISSING
 */
export function linkExecutables(
  directory: string,
  executables: Readonly<Record<string, ExecutableDefinition>>,
  about: Blame,
  os: string,
): string[] {
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  const forNode = Object.values(executables).some(({runtime}) => runtime === 'node')
  if (forNode) mkdirSync(join(directory, nodeFolder))
  for (const [name, {path, runtime}] of Object.entries(executables)) {
    const target = join(directory, packageFolder, path)
    if (!isFileInside(target, join(directory, packageFolder))) throw missing(name, path, about)
    chmodSync(target, 0o755)
    const file = join(bin, fileName(name, path, os))
    // Windows lets only some people make links, and knows programs by their ending.
    if (os === 'win32' && isBatchFile(path)) writeFileSync(file, launcherOf(path))
    else if (os === 'win32') copyFileSync(target, file)
    else symlinkSync(join('..', packageFolder, path), file)
    if (runtime === 'node') writeFileSync(join(directory, nodeFolder, name), '')
  }
  return forNode ? ['bin', nodeFolder] : ['bin']
}

/** Whether every executable that the receipt promises is there; a version that a person put there promises none. */
export function isComplete(installed: Installed): boolean {
  const {executables = {}, platform = process.platform} = readReceipt(installed) ?? {}
  const [os = ''] = platform.split('-')
  return Object.entries(executables).every(([name, {path}]) =>
    statSync(join(installed.bin, fileName(name, path, os)), {throwIfNoEntry: false})?.isFile(),
  )
}

function fileName(name: string, path: string, os: string): string {
  return os === 'win32' ? `${name}${extname(path)}` : name
}

function isBatchFile(path: string): boolean {
  return /\.(?:bat|cmd)$/i.test(path)
}

/** A batch file finds what it starts beside itself, so a copy of it elsewhere would find nothing. */
function launcherOf(path: string): string {
  const target = ['..', packageFolder, ...path.split(/[/\\]/)].join('\\').replaceAll('%', '%%')
  return `@"%~dp0${target}" %*\r\n`
}

function isFileInside(path: string, directory: string): boolean {
  if (!statSync(path, {throwIfNoEntry: false})?.isFile()) return false
  return realpathSync(path).startsWith(realpathSync(directory) + sep)
}

function missing(name: string, path: string, {what, definition}: Blame): UserError {
  return new UserError({
    code: 'EXECUTABLE_MISSING',
    message: `${what} has no ${path}, where its definition looks for ${name}`,
    hint: `${definition === undefined ? 'report it, so that its definition is corrected' : `correct ${definition}`}, or pin another version`,
    exitCode: Exit.badPin,
  })
}
