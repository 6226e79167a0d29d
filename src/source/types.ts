import type {ArchiveFormat} from '../archive/format.ts'

/** What a source offers of one toolchain. */
export interface VersionList {
  /** Every version, in the source's own order. */
  versions: readonly string[]
  /** Moving names such as `latest`, each with the version it means now. */
  tags: Readonly<Record<string, string>>
  /** When the source said so, in ms since 1970, where it can't be asked now: the network is switched off. */
  asOf?: number
}

/** One archive for one platform. */
export interface Artifact {
  /** `https:`, `http:` or `file:`. */
  url: string
  /** Subresource integrity (`sha512-…`), the strongest digest that the source names. */
  integrity: string
  /** Bytes of the archive, where the source says so. */
  size?: number
  format: ArchiveFormat
  /** How many leading directories of every entry are dropped. */
  strip: number
  /** The source in words, such as `npm typescript`. */
  source: string
}

/** A place that lists the versions of one toolchain and hands out its artifacts for this machine. */
export interface Source {
  /** @throws UserError PACKAGE_NOT_FOUND, NETWORK_*, INDEX_INVALID, OFFLINE */
  list(): Promise<VersionList>
  /** @throws UserError as `list`, NO_SUCH_VERSION, NO_ARTIFACT_FOR_PLATFORM */
  artifact(version: string): Promise<Artifact>
}
