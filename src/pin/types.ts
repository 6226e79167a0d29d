import type {Origin} from '../base/origin.ts'
import type {VersionSpec} from '../version/spec.ts'

export type Specs = readonly [VersionSpec, ...VersionSpec[]]

/** A toolchain, the version that is wanted of it, and who says so. */
export interface Pin {
  toolchain: string
  /** More than one are fallbacks: the first that is there locally; if none is, the first is installed. */
  specs: Specs
  origin: Origin
  /** What chose the toolchain, where that is not what chose the version: a default. */
  nameOrigin?: Origin
  /** The folder that a `path:` spec starts from. */
  baseDirectory: string
}

/** A pin file as it was written: enough to print the same text again. */
export interface PinFile {
  path: string
  /** A byte order mark, or nothing. */
  mark: string
  lines: readonly PinLine[]
  /** The pins that count: of a toolchain named twice, the first. In the order of their lines. */
  pins: readonly Pin[]
}

export interface PinLine {
  /** Without its end. */
  text: string
  /** `\n`, `\r\n`, or nothing at the end of the file. */
  end: string
  pin?: Pin
}
