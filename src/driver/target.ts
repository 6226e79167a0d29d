import type {Origin} from '../base/origin.ts'
import type {Definition} from '../model/definition.ts'
import type {BuildSettings} from '../model/project-config.ts'
import type {WorkerMode} from '../model/protocol.ts'

/** What starts an executable of a toolchain, as resolved. */
export interface Program {
  file: string
  /** Before all other arguments, such as the script for an interpreter. */
  args: readonly string[]
  /** Come first on its PATH. */
  binDirectories: readonly string[]
}

/** What drivers know of a definition, for one version and platform: overrides applied, templates filled. */
export type TargetDefinition = Pick<Definition, 'name' | 'build' | 'warm' | 'watch' | 'serve' | 'environment'>

/** A toolchain that is there, and how the project wants it. */
export interface Target<Settings extends BuildSettings = BuildSettings> {
  definition: TargetDefinition
  version: string
  /** What set the version. */
  origin: Origin
  /** How an executable of it is started. */
  program(executable: string): Program
  /** From tool.json. */
  settings?: Settings | undefined
  /** Which section of that file gave their `environment`, where it is not that of the mode. */
  environmentFrom?: WorkerMode | undefined
  /** What that file said when they were read. */
  settingsText?: string | undefined
}
