import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {describeOrigin, type Origin} from '../base/origin.ts'
import {findPlace, installedToolchains, listInstalled} from '../store/installed.ts'
import type {Installed} from '../store/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {isToolchainName} from '../toolchain/name.ts'
import {satisfies} from '../version/match.ts'
import {nearestVersions} from '../version/nearest.ts'
import {parseSpec} from '../version/spec.ts'
import {toolchainNamed} from './toolchain-named.ts'

/**
 * The one installed version that a word of the command line means, `[TOOLCHAIN@]VERSION`: as `tool versions` lists it,
 * whatever a person may have called it, or by a range that only one satisfies.
 * @throws UserError USAGE, VERSION_NOT_INSTALLED with the nearest, VERSION_AMBIGUOUS, VERSION_MISSING, UNKNOWN_TOOLCHAIN
 */
export function findNamed(
  context: Context,
  definitions: Definitions,
  word: string,
  defaultToolchain: string,
): Installed {
  if (word.trim() === '') throw wordEmpty()
  // A name may have any sign in it, so what is called exactly so comes first.
  const literal = findPlace(context, defaultToolchain, word)
  if (literal !== undefined) return literal
  const origin: Origin = {kind: 'argument', text: word}
  const {toolchain, version} = split(word)
  if (version === '' || (toolchain === undefined && isKnown(context, definitions, word)))
    throw versionMissing(toolchain ?? word, context)
  const owner =
    toolchain === undefined ? defaultToolchain : toolchainNamed(context, definitions, toolchain, origin)
  return findPlace(context, owner, version) ?? bySpec(context, owner, version, origin)
}

/** Mostly a shell variable that was never set. */
function wordEmpty(): UserError {
  return new UserError({
    code: 'USAGE',
    message: 'an argument is empty, where a version was expected',
    hint: 'name a version as tool versions lists it, such as typescript@5.9.3',
    exitCode: Exit.usage,
  })
}

function split(word: string): {toolchain?: string; version: string} {
  const at = word.indexOf('@')
  const name = word.slice(0, Math.max(0, at))
  return isToolchainName(name) ? {toolchain: name, version: word.slice(at + 1)} : {version: word}
}

function isKnown(context: Context, definitions: Definitions, name: string): boolean {
  return definitions.names().includes(name) || installedToolchains(context).includes(name)
}

function bySpec(context: Context, toolchain: string, text: string, origin: Origin): Installed {
  const spec = parseSpec(text)
  const all = listInstalled(context, toolchain)
  const fitting = spec.kind === 'problem' ? [] : all.filter(({version}) => satisfies(version, spec))
  const [only, ...more] = fitting
  if (only !== undefined && more.length === 0) return only
  if (only === undefined) throw notInstalled(context, toolchain, text, origin, all)
  throw new UserError({
    code: 'VERSION_AMBIGUOUS',
    message: `${toolchain} ${text} means ${fitting.length} installed versions: ${namesOf(fitting)}`,
    hint: 'name each version that you mean',
    exitCode: Exit.usage,
  })
}

function notInstalled(
  {cwd}: Context,
  toolchain: string,
  text: string,
  origin: Origin,
  all: readonly Installed[],
): UserError {
  const spec = parseSpec(text)
  const names = all.map(({version}) => version)
  const near = spec.kind === 'problem' ? nearestNames(text, names) : nearestVersions(names, spec)
  return new UserError({
    code: 'VERSION_NOT_INSTALLED',
    message: `${toolchain} ${text} is not installed (set by ${describeOrigin(origin, cwd)})`,
    hint:
      near.length > 0
        ? `installed near it are ${near.join(', ')}`
        : `to see what is: tool versions -t ${toolchain}`,
    exitCode: Exit.notInstalled,
  })
}

function versionMissing(toolchain: string, context: Context): UserError {
  const all = listInstalled(context, toolchain)
  return new UserError({
    code: 'VERSION_MISSING',
    message: `${toolchain} is a toolchain, and no version of it is named`,
    hint:
      all.length > 0
        ? `it has ${namesOf(all)}: name them as ${toolchain}@VERSION`
        : 'none of it is installed',
    exitCode: Exit.usage,
  })
}

const namesOf = (all: readonly Installed[]) => all.map(({version}) => version).join(', ')
