import {Exit, UserError} from '../base/errors.ts'
import {anyPlatform} from '../base/platform.ts'
import {getText} from '../fetch/text.ts'
import type {GithubSourceDefinition} from '../model/source-definition.ts'
import {artifactFrom} from './archive.ts'
import type {Around} from './around.ts'
import {cachedList} from './cache.ts'
import {checksumOf, hexIntegrity} from './checksum-file.ts'
import {indexInvalid, noArtifact, noSuchVersion} from './errors.ts'
import {releasesAddress} from './github-address.ts'
import {askGithub} from './github-api.ts'
import {type Asset, type Release, type ReleaseList, readReleases} from './github-releases.ts'
import {lockedArtifact} from './locked-artifact.ts'
import {fill} from './placeholders.ts'
import type {Artifact, PlatformSource} from './types.ts'

/** The releases of a repository on GitHub, or on a GitHub Enterprise of one's own. */
export function githubSource(around: Around, definition: GithubSourceDefinition): PlatformSource {
  const {repository, prefix, pattern} = definition
  const url = new URL(releasesAddress(definition))
  const source = `github ${repository}`
  const read = () =>
    cachedList<ReleaseList>(around, {
      url,
      variant: JSON.stringify([prefix, pattern]),
      objects: ['releases'],
      ask: validators => askGithub(around, {url, repository}, validators),
      read: document => readReleases(definition, document, url),
    })
  const artifact = async (version: string): Promise<Artifact> => {
    const {releases} = await read()
    const release = Object.hasOwn(releases, version) ? releases[version] : undefined
    if (release === undefined) throw noSuchVersion(around, version, source)
    const values = {version, name: release.tag}
    const asset = assetOf(release, fill(definition.asset, values))
    if (asset === undefined) throw noArtifact(around, version, source)
    return artifactFrom(around, {
      definition,
      source,
      version,
      address: asset.url,
      base: url,
      values,
      file: asset.name,
      size: asset.size,
      integrity: () => integrityOf(around, definition, {release, asset, values, url}),
    })
  }
  return {
    async list() {
      const {releases: _, ...list} = await read()
      return list
    },
    artifact,
    artifacts: async version => new Map([[anyPlatform, await artifact(version)]]),
    locked: (version, promised) => lockedArtifact(around, version, promised, source, () => artifact(version)),
  }
}

const assetOf = ({assets}: Release, name: string) => assets.find(asset => asset.name === name)

interface Wanted {
  release: Release
  asset: Asset
  values: Readonly<Record<string, string>>
  url: URL
}

/** GitHub's own digest, else that of the file of checksums; undefined where the definition says that there is none. */
async function integrityOf(
  around: Around,
  {digest}: GithubSourceDefinition,
  {release, asset, values, url}: Wanted,
): Promise<string | undefined> {
  const own = /^sha(?:256|512):([0-9a-f]+)$/i.exec(asset.digest ?? '')?.[1]
  const integrity = own === undefined ? undefined : hexIntegrity(own)
  if (integrity !== undefined) return integrity
  if (digest === 'none') return undefined
  if (digest === undefined) throw withoutDigest(asset)
  const name = fill(digest.checksums, {...values, file: asset.name})
  const sums = assetOf(release, name)
  if (sums === undefined) throw indexInvalid(url, `the release ${release.tag} has no file ${name}`)
  const at = new URL(sums.url)
  const found = checksumOf(await around.once(`text ${at}`, () => getText(around.network, at)), asset.name, at)
  if (found === undefined) throw indexInvalid(at, `it has no checksum of ${asset.name}`)
  return found
}

function withoutDigest({name, url}: Asset): UserError {
  return new UserError({
    code: 'INTEGRITY_MISSING',
    message: `nobody tells the digest of ${name}: GitHub has none of files that were uploaded before it kept them (${url})`,
    hint: 'name the file of checksums in the definition: "digest": {"checksums": "checksums.txt"}; or trust what comes first: "digest": "none"',
    exitCode: Exit.integrity,
  })
}
