import {inParallel} from '../base/in-parallel.ts'
import {anyPlatform, type Platform, parsePlatformName, platformName} from '../base/platform.ts'
import type {Definition} from '../model/definition.ts'
import {concrete, platformsOf, variesByPlatform} from '../toolchain/concrete.ts'
import {hasCode} from './errors.ts'
import type {Artifact} from './types.ts'

interface Ask {
  of(platform: Platform): Promise<Artifact>
  /** As far as the source itself knows platforms. */
  all(): Promise<ReadonlyMap<string, Artifact>>
}

/** How many questions at a time. */
const jobs = 8

/**
 * The artifacts of a version on all platforms that its definition names, else on those that the source knows. A platform
 * without one is left out.
 * @throws UserError of the first platform, where none has one
 */
export async function artifactsOf(
  definition: Definition,
  version: string,
  here: Platform,
  ask: Ask,
): Promise<ReadonlyMap<string, Artifact>> {
  const names = platformsOf(definition, version)
  if (names === undefined) return variesByPlatform(definition, version) ? onlyHere(here, ask) : ask.all()
  const platforms = names.flatMap(name => parsePlatformName(name) ?? [])
  if (platforms.length === 0) return ask.all()
  const groups = [...Map.groupBy(platforms, platform => placeOf(definition, version, platform)).values()]
  const failures: unknown[] = []
  const found = await inParallel(groups, jobs, async ([platform, ...others]) => {
    if (platform === undefined) return []
    try {
      const artifact = await ask.of(platform)
      return [platform, ...others].map(one => [platformName(one), artifact] as const)
    } catch (error) {
      if (!hasCode(error, 'NO_ARTIFACT_FOR_PLATFORM', 'NO_SUCH_VERSION', 'PACKAGE_NOT_FOUND')) throw error
      failures.push(error)
      return []
    }
  })
  const all = found.flat()
  if (all.length === 0) throw failures[0]
  return new Map(isOneForAll(all, names.length) ? [[anyPlatform, all[0]?.[1] as Artifact]] : all)
}

/** Platforms that come from the same package, as both C libraries of Linux may, are asked for once. */
function placeOf(definition: Definition, version: string, platform: Platform): string {
  const {sources} = concrete(definition, version, platform)
  return sources.every(({kind}) => kind === 'npm') ? JSON.stringify(sources) : platformName(platform)
}

/** Who else comes from elsewhere can't be told from patterns. */
async function onlyHere(here: Platform, ask: Ask): Promise<ReadonlyMap<string, Artifact>> {
  return new Map([[platformName(here), await ask.of(here)]])
}

function isOneForAll(all: readonly (readonly [string, Artifact])[], count: number): boolean {
  const [first] = all
  return (
    count > 1 &&
    all.length === count &&
    all.every(([, {url, integrity}]) => url === first?.[1].url && integrity === first[1].integrity)
  )
}
