import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {binsOfPackage} from './node-modules.ts'
import {findOnPath, findProgram} from './programs.ts'
import type {Resolved} from './types.ts'

/** The folder with the executables of what a pin came down to; the system's are in many. */
export function binOf(resolved: Resolved): string | undefined {
  switch (resolved.via) {
    case 'store':
      return resolved.installed.bin
    case 'path':
      return resolved.bin
    case 'on-path':
      return dirname(resolved.file)
    case 'node-modules':
      return binsOfPackage(resolved)[0]
    case 'system':
    case 'missing':
      return undefined
  }
}

/** The folders that come first on PATH for it: none where PATH leads there anyway. */
export function binsOnPath(resolved: Resolved): string[] {
  if (resolved.via === 'node-modules') return binsOfPackage(resolved)
  if (resolved.via === 'on-path' && resolved.first) return []
  const bin = binOf(resolved)
  return bin === undefined ? [] : [bin]
}

/** The file of an executable, if what a pin came down to has it. */
export function programOf(resolved: Resolved, executable: string, context: Context): string | undefined {
  if (resolved.via === 'system') return findOnPath(executable, context)
  if (resolved.via === 'node-modules')
    return Object.hasOwn(resolved.programs, executable) ? resolved.programs[executable] : undefined
  const bin = binOf(resolved)
  return bin === undefined ? undefined : findProgram(bin, executable, context)
}

/** The exact version that it is, where that is known. */
export function versionOf(resolved: Resolved): string | undefined {
  if (resolved.via === 'store') return resolved.installed.version
  return resolved.via === 'node-modules' || resolved.via === 'on-path' ? resolved.version : undefined
}
