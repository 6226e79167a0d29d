import type {ExecutableDefinition} from '../model/source-definition.ts'

/** A complete version in the store. */
export interface Installed {
  toolchain: string
  version: string
  /** `$TOOL_HOME/versions/<toolchain>/<version>`. */
  directory: string
  /** The folder with its executables: `<directory>/bin`. */
  bin: string
}

/** What is known of how a version came here; versions put by hand have none. */
export interface Receipt {
  toolchain: string
  version: string
  /** The source in words, such as `npm typescript`. */
  source: string
  /** Of the archive, without credentials. */
  url: string
  /** Subresource integrity of the archive. */
  integrity: string
  /** What the publisher signed it with, where the definition says so, and whether that was verified. */
  signature?: {kind: string; verified: boolean}
  /** Bytes of the archive. */
  size: number
  /** How many files were unpacked. */
  files: number
  /** When, as ISO 8601. */
  date: string
  /** The version of this program that installed it. */
  tool: string
  /** Name of the platform it is for, such as `linux-x64`. */
  platform: string
  executables: Readonly<Record<string, ExecutableDefinition>>
}
