import type {LockEntry} from '../pin/lock-types.ts'
import type {Pin} from '../pin/types.ts'
import type {Installed} from '../store/types.ts'
import type {VersionSpec} from '../version/spec.ts'

/** What a pin comes down to on this machine. */
export type Resolved = {
  toolchain: string
  pin: Pin
  /** The one of the pin's specs that decided; where nothing is there, the one to be installed. */
  spec: VersionSpec
} & Found

export type Found =
  /** A version in the store, or one that a person linked there. */
  | {via: 'store'; installed: Installed; linked: boolean; locked?: Locked}
  /** A package that the project has installed for itself. */
  | ({via: 'node-modules'} & ModulesPackage)
  /** A program of the machine, which says that it is a version that the pin asks for. */
  | ({via: 'on-path'; unasked: readonly string[]} & PathProgram)
  /** A `path:` pin: the folder that its executables are in. */
  | {via: 'path'; bin: string}
  | {via: 'system'}
  | {via: 'missing'; because: Missing}

/** The lock file that decides for a pin, and what it says. */
export interface Locked {
  /** The lock file. */
  path: string
  entry: LockEntry
}

export interface ModulesPackage {
  version: string
  /** The folder of the package. */
  directory: string
  /** Each executable of the definition that it has, with its file. */
  programs: Readonly<Record<string, string>>
  /** Those of them that are for node. */
  scripts: readonly string[]
}

export interface PathProgram {
  version: string
  /** The program that was asked for its version. */
  file: string
  /** Whether it is what its name means on PATH anyway. */
  first: boolean
}

/** Why there is nothing to run. */
export type Missing =
  /** `unasked`: programs on PATH that may be it, and have not been asked for their version yet. */
  | {kind: 'not-there'; unasked: readonly string[]}
  /** Something that the lock names is not in the store; `rival`: another thing under its name. */
  | {kind: 'not-there-as-locked'; locked: Locked; rival?: Rival}
  /** No lock names it, where one should. `path`: the lock file, where there could be one. */
  | {kind: 'not-locked'; path?: string; exists: boolean}
  /** The lock names a version that the pin does not ask for. */
  | {kind: 'locked-otherwise'; locked: Locked}
  /** The lock names nothing for this machine. */
  | {kind: 'not-locked-for-platform'; locked: Locked; platform: string}

interface Rival {
  installed: Installed
  /** What its receipt says; undefined for what a person put there. */
  integrity: string | undefined
}

/** Whether programs on PATH may serve that have not been asked for their version yet. */
export function needsAsking(resolved: Resolved): boolean {
  if (resolved.via === 'on-path') return resolved.unasked.length > 0
  return (
    resolved.via === 'missing' && resolved.because.kind === 'not-there' && resolved.because.unasked.length > 0
  )
}

/** A program with what comes before its own arguments, and the folders that come first on its PATH. */
export interface CommandLine {
  file: string
  args: readonly string[]
  binDirectories: readonly string[]
}
