import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin, shortPath} from '../base/origin.ts'
import {platformName} from '../base/platform.ts'
import {quoteWord} from '../base/quote-word.ts'
import {artifactFor} from '../pin/lock-types.ts'
import {printSpec} from '../version/spec.ts'
import type {Locked, Missing, Resolved} from './types.ts'

export type MissingVersion = Extract<Resolved, {via: 'missing'}>

/** What keeps a missing version from being installed, in words such as `--offline`. */
export interface Off {
  by: string
  /** How to go on nevertheless. */
  wayOut: string
}

/** Why there is nothing to run, what set that, and what to do. */
export function notInstalled(resolved: MissingVersion, context: Context, off?: Off): UserError {
  const {code, exitCode, message, hint} = explain(resolved, context)
  const origin = describeOrigin(resolved.pin.origin, context.cwd)
  const isOff = off === undefined ? '' : `, and it is not installed now, by ${off.by}`
  return new UserError({
    code,
    message: `${message} (set by ${origin})${isOff}`,
    hint: off === undefined ? hint : `${off.wayOut}: ${hint}`,
    exitCode,
  })
}

/** The command that installs what a pin asks for. */
export function howToInstall({toolchain, spec}: Pick<Resolved, 'toolchain' | 'spec'>): string {
  return `tool install ${quoteWord(`${toolchain}@${printSpec(spec)}`)}`
}

type Explained = Pick<UserError, 'code' | 'exitCode' | 'message'> & {hint: string}

const absent = {code: 'VERSION_NOT_INSTALLED', exitCode: Exit.notInstalled} as const
const outdated = {code: 'LOCK_OUTDATED', exitCode: Exit.badPin} as const

function explain(resolved: MissingVersion, context: Context): Explained {
  const {because} = resolved
  const what = `${resolved.toolchain} ${printSpec(resolved.spec)}`
  switch (because.kind) {
    case 'not-there': {
      const [first] = because.unasked
      const perhaps =
        first === undefined
          ? ''
          : ` (or tool exec, which asks ${first} for its version, and takes it if that fits)`
      return {...absent, message: `${what} is not installed`, hint: `${howToInstall(resolved)}${perhaps}`}
    }
    case 'not-there-as-locked':
      return {...absent, ...notAsLocked(what, because, context)}
    case 'not-locked':
      return {...outdated, ...notLocked(what, because, context)}
    case 'locked-otherwise': {
      const message = `${placeOf(because.locked, context)} names ${versionIn(because.locked)}, which ${what} does not ask for`
      return {...outdated, message, hint: renew(context)}
    }
    case 'not-locked-for-platform': {
      const {locked, platform} = because
      const message = `${placeOf(locked, context)} names nothing of ${versionIn(locked)} for ${platform}`
      return {...outdated, message, hint: renew(context)}
    }
  }
}

function notAsLocked(
  what: string,
  {locked, rival}: Extract<Missing, {kind: 'not-there-as-locked'}>,
  context: Context,
): {message: string; hint: string} {
  const [version, place] = [versionIn(locked), placeOf(locked, context)]
  const digest = artifactFor(locked.entry, platformName(context.platform))?.integrity
  if (rival === undefined)
    return {message: `${version}, which ${place} names for ${what}, is not installed`, hint: 'tool install'}
  if (rival.integrity === undefined) {
    return {
      message: `${version}, which ${place} names for ${what}, is not installed: what is in ${rival.installed.directory} was put there by hand, and can't be held against the lock`,
      hint: 'move it away, or replace it: tool install --force',
    }
  }
  return {
    message: `the ${version} in the store is not the one that ${place} names for ${what}: it is ${rival.integrity}, the lock says ${digest}`,
    hint: 'to replace it: tool install',
  }
}

function notLocked(
  what: string,
  {path, exists}: Extract<Missing, {kind: 'not-locked'}>,
  context: Context,
): {message: string; hint: string} {
  if (path === undefined)
    return {
      message: `${what} is in no lock file, and nothing else counts with --frozen`,
      hint: 'pin it in the project, and let tool lock write that down; or go without --frozen (TOOL_FROZEN)',
    }
  const shown = shortPath(path, context.cwd)
  const message = exists ? `${shown} has no entry for ${what}` : `there is no ${shown} that names ${what}`
  return {message, hint: renew(context)}
}

function renew({frozen}: Context): string {
  return frozen
    ? 'run tool lock, without --frozen (TOOL_FROZEN), and commit what it writes'
    : 'tool install, or tool lock'
}

function placeOf({path, entry}: Locked, {cwd}: Context): string {
  return describeOrigin({kind: 'file', path, line: entry.line}, cwd)
}

const versionIn = ({entry}: Locked) => `${entry.toolchain} ${entry.version}`
