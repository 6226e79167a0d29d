import type {Environment} from '../base/context.ts'
import {withFirstOnPath, withVariables} from '../base/variables.ts'

export interface EnvironmentRequest {
  env: Environment
  /** Come first on PATH. */
  binDirectories: readonly string[]
  /** Whether what the compiler prints will be seen on a terminal that has colours. */
  color: boolean
  /** What definition and project add, later ones winning. */
  additions: readonly (Readonly<Record<string, string>> | undefined)[]
}

/** The whole environment of a compiler. */
export function compilerEnvironment({
  env,
  binDirectories,
  color,
  additions,
}: EnvironmentRequest): Record<string, string> {
  const own = withVariables(process.platform, env)
  // Programs see pipes instead of our terminal; of the two words for colours Node warns if both are said.
  delete own[color ? 'NO_COLOR' : 'FORCE_COLOR']
  if (color) own.FORCE_COLOR ||= '1'
  else own.NO_COLOR ||= '1'
  return withFirstOnPath(process.platform, withVariables(process.platform, own, ...additions), binDirectories)
}

/** Variables as another process is to have them; what this one got from a supervisor above it is meant for it alone. */
export function ownEnvironment(env: Environment): Record<string, string> {
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !fromAbove.has(name)) own[name] = value
  return own
}

const fromAbove: ReadonlySet<string> = new Set([
  'TOOL_IPC',
  'TOOL_WORKER_ID',
  'TOOL_WORKER_TOKEN',
  'TOOL_SUPERVISORS',
])
