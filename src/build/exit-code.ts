import {Exit, type ExitCode} from '../base/errors.ts'
import type {BuildResult, BuildStatus} from './types.ts'

/** What `tool build` exits with: 130 if the person gave up, else 8 before 1 before 0. */
export function exitCodeOf({toolchains}: Pick<BuildResult, 'toolchains'>): ExitCode {
  const has = (status: BuildStatus) => toolchains.some(toolchain => toolchain.status === status)
  if (has('cancelled')) return Exit.interrupted
  if (has('crashed')) return Exit.workerFailed
  return has('errors') ? Exit.compileErrors : Exit.ok
}
