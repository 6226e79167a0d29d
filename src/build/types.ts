import type {Origin} from '../base/origin.ts'
import type {DiagnosticsSummary} from '../diagnostics/summary.ts'
import type {Target} from '../driver/target.ts'
import type {Diagnostic} from '../model/diagnostic.ts'
import type {Event} from '../model/event.ts'
import type {LogLine} from '../supervisor/types.ts'

export interface BuildRequest {
  /** Absolute path of the project root, in which all compilers run. */
  root: string
  /** Those without a build are left out. */
  targets: readonly Target[]
  /** The person's own arguments, after those of tool.json, for every toolchain. */
  args?: readonly string[]
  /** Whether raw output will be seen on a terminal that has colours. */
  color?: boolean
  /** Whether compilers are asked that the session of the project keeps, where there is one. */
  warm?: boolean
}

export interface BuildListener {
  onEvent?(event: Event): void
  onLine?(line: LogLine): void
}

/**
 * `ok`: no errors. `errors`: it reported some. `crashed`: it failed and didn't say why in a way that we read.
 * `cancelled`: the person gave up. `skipped`: one that it waits for (`after`) was not ok.
 */
export type BuildStatus = 'ok' | 'errors' | 'crashed' | 'cancelled' | 'skipped'

export interface ToolchainResult {
  name: string
  version: string
  origin: Origin
  status: BuildStatus
  durationMs: number
  /** Set if it crashed. */
  failure?: BuildFailure
}

export interface BuildFailure {
  code: string
  message: string
  /** The last lines it printed, without escape sequences. */
  output: string[]
}

interface BuildSummary extends DiagnosticsSummary {
  durationMs: number
}

export interface BuildResult {
  /** In the order of the targets. */
  toolchains: ToolchainResult[]
  /** By file, then by place. */
  diagnostics: Diagnostic[]
  summary: BuildSummary
}
