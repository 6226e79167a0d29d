import type {ArchiveFormat} from '../archive/format.ts'
import type {Platform} from '../base/platform.ts'
import type {ExecutableDefinition} from '../model/source-definition.ts'

/** What a source offers of one toolchain. */
export interface VersionList {
  /** Every version, in the source's own order. */
  versions: readonly string[]
  /** Moving names such as `latest`, each with the version it means now. */
  tags: Readonly<Record<string, string>>
  /** When versions came out, in ISO 8601, where the source says so. */
  released?: Readonly<Record<string, string>>
  /** Versions that are left out of those above, since they came out too short a time ago, or nobody knows when. */
  young?: readonly string[]
  /** What the moving names would mean with those. */
  youngTags?: Readonly<Record<string, string>>
  /** What became of the sources before this one that said nothing: they may have more versions and tags. */
  unasked?: readonly string[]
  /** When the source said so, in ms since 1970, where it can't be asked now: the network is switched off. */
  asOf?: number
}

/** One archive for one platform. */
export interface Artifact {
  /** `https:`, `http:` or `file:`. */
  url: string
  /** The same as a lock file keeps it: without what is this machine's, so that everybody's is alike. */
  portableUrl: string
  /** Subresource integrity (`sha512-…`), the strongest digest that the source names. */
  integrity: string
  /** The source's own digest, where that of a lock stands in its place and is of another kind: both have to hold. */
  offered?: string
  /** Bytes of the archive, where the source says so. */
  size?: number
  format: ArchiveFormat
  /** How many leading directories of every entry are dropped. */
  strip: number
  /** The source in words, such as `npm typescript`. */
  source: string
  /** What the definition says of the publisher's signature. */
  signature?: ArtifactSignature
  /** What is in it, where that is not what the definition has for all sources. */
  executables?: Readonly<Record<string, ExecutableDefinition>>
}

/** A signature of an archive that is verified with its bytes, or a kind of signature that is not. */
type ArtifactSignature = {minisign: {publicKey: string; url: string; file: string}} | {unsupported: string}

/** What a lock file promises of an archive. */
export interface Promised {
  integrity: string
  size?: number
  url: string
}

/** What a source has for a lock's promise. */
export interface LockedArtifact {
  artifact: Artifact
  /** False where nothing but the bytes will tell whether it is the locked one. */
  certain: boolean
}

/** A source as it is for one platform. */
export interface PlatformSource {
  /** With `dates` also where they take a longer document. */
  list(options: {dates: boolean}): Promise<VersionList>
  locked(version: string, promised: Promised): Promise<LockedArtifact>
  artifact(version: string): Promise<Artifact>
  /** As far as the source itself knows platforms. */
  artifacts(version: string): Promise<ReadonlyMap<string, Artifact>>
}

/** A place that lists the versions of one toolchain and hands out its artifacts. */
export interface Source {
  /** @throws UserError PACKAGE_NOT_FOUND, NETWORK_*, INDEX_INVALID, OFFLINE */
  list(): Promise<VersionList>
  /**
   * For this machine, or another platform.
   * @throws UserError as `list`, NO_SUCH_VERSION, NO_ARTIFACT_FOR_PLATFORM
   */
  artifact(version: string, platform?: Platform): Promise<Artifact>
  /**
   * For every platform that has one, by its name; `any` where one serves all.
   * @throws UserError as `artifact`, if none has
   */
  artifacts(version: string): Promise<ReadonlyMap<string, Artifact>>
  /**
   * What a lock file promises, for this machine: from where this source has it, with the digest that the lock names.
   * @throws UserError as `artifact`, INTEGRITY_MISMATCH where the source offers other bytes
   */
  locked(version: string, promised: Promised): Promise<Artifact>
}
