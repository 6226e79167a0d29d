import {Exit, UserError, withoutCredentials} from '../base/errors.ts'
import {anyPlatform} from '../base/platform.ts'
import {getJson} from '../fetch/json.ts'
import type {NpmSettings} from '../fetch/npm-config.ts'
import type {NpmSourceDefinition} from '../model/source-definition.ts'
import type {Around} from './around.ts'
import {cachedList} from './cache.ts'
import {hasCode, noArtifact, noSuchVersion} from './errors.ts'
import {lockedArtifact} from './locked-artifact.ts'
import {distOf, isManifestOf, manifestIn, versionListOf} from './npm-documents.ts'
import {packageVersions} from './npm-package-versions.ts'
import {checkSignatures} from './npm-signatures.ts'
import {portableUrl, tarballUrl, usualTarballUrl} from './npm-tarball.ts'
import type {Artifact, PlatformSource} from './types.ts'

/** The short form of a package's document; registries that don't know it send the long one. */
const abbreviated = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*'

/** A package of the npm registry, or of the registry of its scope. */
export function npmSource(
  around: Around,
  {package: name, artifact: artifactName = name, packageVersion, verify}: NpmSourceDefinition,
): PlatformSource {
  const {network} = around
  const source = `npm ${artifactName}`
  const names = packageVersions(packageVersion)
  const required = () => verify === 'required' || around.context.network().verify === 'required'
  const artifact = async (version: string) => {
    const settings = await network.npm()
    const url = packageUrl(settings, artifactName)
    const manifest = await findManifest(around, url, names.published(version))
    if (manifest === undefined) {
      const missing = artifactName === name ? noSuchVersion : noArtifact
      throw missing(around, version, source)
    }
    const registry = settings.registry(artifactName)
    await checkSignatures(around, {
      registry,
      url,
      name: artifactName,
      version: names.published(version),
      manifest,
      required: required(),
    })
    return artifactOf(settings, artifactName, manifest, url)
  }
  return {
    async list({dates}) {
      const url = packageUrl(await network.npm(), name)
      const read = (value: unknown) => versionListOf(value, url)
      const accept = dates ? 'application/json' : abbreviated
      const list = await notFoundAs(packageNotFound(name, url), () =>
        cachedList(around, {
          url,
          ...(dates && {variant: 'with dates'}),
          ask: validators => getJson(network, url, {accept, ...(validators && {validators})}),
          read,
        }),
      )
      return names.own(list)
    },
    artifact,
    artifacts: async version => new Map([[anyPlatform, await artifact(version)]]),
    async locked(version, {integrity, size, url}) {
      const settings = await network.npm()
      const registry = settings.registry(artifactName)
      const usual = usualTarballUrl(registry, artifactName, names.published(version))
      // A project does not choose where compilers come from: its lock's address counts where it is the one we'd ask.
      // The lock has no signatures, so where they are required the registry is asked for them.
      if (!required() && URL.canParse(url) && fromRegistry(settings, artifactName, url) === usual) {
        const artifact = {
          ...archive(settings, artifactName, usual),
          integrity,
          ...(size !== undefined && {size}),
        }
        return {artifact, certain: true}
      }
      return lockedArtifact(around, version, {integrity, url}, source, () => artifact(version))
    },
  }
}

/** One version's own document, undefined where there is none; from the whole one where a mirror has no such route. */
async function findManifest({network}: Around, url: URL, version: string): Promise<unknown> {
  const own = await unless(['NETWORK_NOT_FOUND', 'NETWORK_STATUS', 'NETWORK_NOT_JSON'], () =>
    getJson(network, new URL(`${url}/${encodeURIComponent(version)}`)),
  )
  if (isManifestOf(own?.value, version)) return own?.value
  const whole = await unless(['NETWORK_NOT_FOUND'], () => getJson(network, url, {accept: abbreviated}))
  return manifestIn(whole?.value, version)
}

function artifactOf(settings: NpmSettings, name: string, manifest: unknown, url: URL): Artifact {
  const {tarball, integrity} = distOf(manifest, url)
  return {...archive(settings, name, fromRegistry(settings, name, tarball)), integrity}
}

function fromRegistry(settings: NpmSettings, name: string, tarball: string): string {
  return tarballUrl(tarball, settings.registry(name), settings.replaceRegistryHost)
}

function archive(settings: NpmSettings, name: string, url: string): Omit<Artifact, 'integrity'> {
  const {publicRegistry, replaceRegistryHost: replace} = settings
  return {
    url,
    portableUrl: withoutCredentials(
      portableUrl(url, {registry: settings.registry(name), publicRegistry, replace}),
    ),
    format: 'tar.gz',
    strip: 1,
    source: `npm ${name}`,
  }
}

function packageUrl(settings: NpmSettings, name: string): URL {
  const registry = settings.registry(name)
  if (!URL.canParse(registry) || !/^https?:$/.test(new URL(registry).protocol)) throw noRegistry(registry)
  return new URL(name.replace('/', '%2f'), registry)
}

function noRegistry(registry: string): UserError {
  return new UserError({
    code: 'NPM_CONFIG_INVALID',
    message: `npm's registry is no web address: ${registry}`,
    hint: 'npm config delete registry, and look at npm_config_registry',
    exitCode: Exit.badPin,
  })
}

/** Undefined where it fails in one of these ways. */
async function unless<T>(codes: readonly string[], ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (hasCode(error, ...codes)) return undefined
    throw error
  }
}

async function notFoundAs<T>(instead: (cause: unknown) => UserError, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw hasCode(error, 'NETWORK_NOT_FOUND') ? instead(error) : error
  }
}

function packageNotFound(name: string, url: URL) {
  return (cause: unknown) =>
    new UserError({
      code: 'PACKAGE_NOT_FOUND',
      message: `the registry has no package ${name}: ${url}`,
      hint: 'check the registry: npm config get registry',
      exitCode: Exit.network,
      cause,
    })
}
