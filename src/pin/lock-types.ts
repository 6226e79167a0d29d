import {anyPlatform} from '../base/platform.ts'

/** What a lock file says of one archive. */
export interface LockedArtifact {
  /** One digest, such as `sha512-…`. */
  integrity: string
  /** Bytes; undefined where the source did not say. */
  size?: number
  /** Where it was, as a hint: a project does not decide where compilers come from. */
  url: string
}

/** The exact version that a spec means, with its archives. */
export interface LockEntry {
  toolchain: string
  /** As it was written, without quotes. */
  spec: string
  version: string
  /** By the name of the platform, or `any` where one archive serves every platform. */
  artifacts: ReadonlyMap<string, LockedArtifact>
  /** What its own line says of its archives, as `checkOf` has it; absent where the line does not. */
  check?: string
  /** Where it stands; 0 for one that was made just now. */
  line: number
  /** As it was read, so that it can be printed as it was: its own line, then one a platform. */
  text?: {head: string; artifacts: readonly string[]}
}

/** A lock file as it was read. */
export interface LockFile {
  path: string
  entries: readonly LockEntry[]
  /** How its lines end. */
  end: '\n' | '\r\n'
}

/** What a lock says of a platform: its own archive, else the one for all. */
export function artifactFor({artifacts}: LockEntry, platform: string): LockedArtifact | undefined {
  return artifacts.get(platform) ?? artifacts.get(anyPlatform)
}
