import type {Context} from '../base/context.ts'
import {printDuration} from '../base/duration.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin} from '../base/origin.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import type {Source, VersionList} from '../source/types.ts'
import {maxSatisfying} from '../version/match.ts'
import {nearestVersions} from '../version/nearest.ts'
import type {VersionSpec} from '../version/spec.ts'
import {installable} from './installable.ts'

/**
 * The exact version to install for a pin, by what its source offers now. A pin of the system or of a folder has none,
 * and is refused.
 * @throws UserError NO_SUCH_VERSION with the nearest versions, VERSION_TOO_YOUNG, NOTHING_TO_INSTALL, and what the source throws
 */
export async function resolveVersion(
  context: Context,
  definition: Definition,
  pin: Pin,
  source: Pick<Source, 'list'>,
): Promise<string> {
  const spec = installable(pin)
  if (spec === undefined) throw nothingToInstall(definition, pin, context)
  const offered = await source.list()
  const version = maxSatisfying(offered.versions, spec, offered.tags)
  if (version !== undefined) return version
  const young = youngVersion(spec, offered)
  if (young !== undefined) throw tooYoung(definition, pin, spec, young, context, offered)
  throw noSuchVersion(definition, pin, spec, offered, context)
}

/** What a spec would mean if any version would do. */
function youngVersion(spec: VersionSpec, {versions, young = [], youngTags = {}}: VersionList) {
  return young.length === 0 ? undefined : maxSatisfying([...versions, ...young], spec, youngTags)
}

function tooYoung(
  {name}: Definition,
  pin: Pin,
  {text}: VersionSpec,
  version: string,
  {cwd, layout, network}: Context,
  {released = {}}: VersionList,
): UserError {
  const date = released[version]
  const since =
    date === undefined
      ? 'of which nobody says when it came out'
      : `which came out ${printDuration(Date.now() - Date.parse(date))} ago`
  const setting = `minimumReleaseAge is ${network().minimumReleaseAge} (set by ${layout.config})`
  return new UserError({
    code: 'VERSION_TOO_YOUNG',
    message: `${name} ${text} means ${version}, ${since}, and ${setting}; it is asked for by ${describeOrigin(pin.origin, cwd)}`,
    hint: `if you trust it, name it exactly: tool install ${name}@${version}; or except all of ${name}: tool config set minimumReleaseAgeExclude '${JSON.stringify([name])}'`,
    exitCode: Exit.noSuchVersion,
  })
}

function noSuchVersion(
  {name}: Definition,
  pin: Pin,
  spec: VersionSpec,
  {versions, tags, unasked = []}: VersionList,
  {cwd}: Context,
): UserError {
  const near = nearestVersions(versions, spec, Object.keys(tags))
  const latest = Object.hasOwn(tags, 'latest') ? `; the latest is ${tags.latest}` : ''
  return new UserError({
    code: 'NO_SUCH_VERSION',
    message: `there is no ${name} ${spec.text} (set by ${describeOrigin(pin.origin, cwd)})${notAsked(unasked)}`,
    hint:
      near.length > 0
        ? `near it are ${near.join(', ')}${latest}`
        : `it has ${versions.length} versions${latest}${tagList(tags)}`,
    exitCode: Exit.noSuchVersion,
  })
}

/** The version may be there, where nobody could look. */
function notAsked(unasked: readonly string[]): string {
  return unasked.length === 0 ? '' : `; another source could not be asked: ${unasked.join('; ')}`
}

function tagList(tags: VersionList['tags']): string {
  const names = Object.keys(tags)
  return names.length === 0 ? '' : `, and the tags ${names.join(', ')}`
}

function nothingToInstall({name}: Definition, pin: Pin, {cwd}: Context): UserError {
  const [{text}] = pin.specs
  return new UserError({
    code: 'NOTHING_TO_INSTALL',
    message: `${name} ${text} is no version that could be installed (set by ${describeOrigin(pin.origin, cwd)})`,
    hint: `name a version: tool install ${name}@latest`,
    exitCode: Exit.badPin,
  })
}
