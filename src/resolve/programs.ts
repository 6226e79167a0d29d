import {accessSync, constants, statSync} from 'node:fs'
import {delimiter, isAbsolute, join, resolve} from 'node:path'
import type {Context, Environment} from '../base/context.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {isShimFile} from '../base/shim-mark.ts'

type Machine = Pick<Context, 'env' | 'layout' | 'platform'>

/**
 * A program of this name in a folder, if one is there that may be run. Never a shim, also not through a link, a copy or
 * another home's: it would ask us again, without end.
 */
export function findProgram(
  directory: string,
  name: string,
  {platform, env}: Pick<Context, 'platform' | 'env'>,
): string | undefined {
  if (name === '' || /[/\\\0]/.test(name)) return undefined
  return endings(platform.os, env)
    .map(ending => join(directory, name + ending))
    .find(path => isRunnable(path) && !isShimFile(path))
}

/** The program that the machine has on PATH: never one of our shims, nor one in the working directory. */
export function findOnPath(name: string, machine: Machine): string | undefined {
  return programsOnPath(name, machine).next().value ?? undefined
}

/** All programs of a name that the machine has on PATH, those that count first. */
export function* programsOnPath(name: string, machine: Machine): Generator<string, undefined> {
  const shims = spellingsOf(machine.layout.shims)
  for (const directory of absoluteFolders(machine)) {
    const program = findProgram(directory, name, machine)
    // To know what a folder really is takes longer than to see that it has no such program.
    if (program !== undefined && !isOneOf(shims, directory)) yield program
  }
  return undefined
}

/** The folders of PATH but those of our shims, however they are spelt, and those that depend on the working directory. */
export function foldersOnPath(machine: Pick<Context, 'env' | 'layout'>): string[] {
  const shims = spellingsOf(machine.layout.shims)
  return absoluteFolders(machine).filter(directory => !isOneOf(shims, directory))
}

function absoluteFolders({env}: Pick<Context, 'env'>): string[] {
  return (env.PATH ?? '').split(delimiter).filter(isAbsolute)
}

function isOneOf(folders: ReadonlySet<string>, directory: string): boolean {
  return folders.has(resolve(directory)) || folders.has(realPathIfAny(directory) ?? directory)
}

/** Windows knows programs by their ending. */
function endings(os: string, env: Environment): string[] {
  if (os !== 'win32') return ['']
  return ['', ...(env.PATHEXT || '.EXE;.CMD;.BAT').toLowerCase().split(';').filter(Boolean)]
}

function isRunnable(path: string): boolean {
  try {
    // Asked first, since most folders of PATH lack it, and an error takes longer than all the rest.
    if (!statSync(path, {throwIfNoEntry: false})?.isFile()) return false
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function spellingsOf(path: string): Set<string> {
  return new Set([resolve(path), realPathIfAny(path) ?? resolve(path)])
}
