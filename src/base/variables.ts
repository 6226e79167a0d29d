import {delimiter} from 'node:path'
import type {Environment} from './context.ts'

/**
 * Variables, and others that win over them; undefined ones are left out. To Windows names that differ in case alone are one,
 * which keeps the spelling that came first.
 * @param os as Node's `process.platform`
 */
export function withVariables(
  os: string,
  ...environments: readonly (Environment | undefined)[]
): Record<string, string> {
  const spelt = new Map<string, string>()
  const own: Record<string, string> = {}
  for (const [given, value] of environments.flatMap(one => Object.entries(one ?? {}))) {
    if (value === undefined) continue
    const key = os === 'win32' ? given.toUpperCase() : given
    const name = spelt.get(key) ?? given
    spelt.set(key, name)
    own[name] = value
  }
  return own
}

/** Ids of the supervisors that a process of this environment runs under, outermost first. */
export function supervisorsAbove({TOOL_SUPERVISORS: ids}: Environment): string[] {
  return ids ? ids.split(',') : []
}

/** Variables with folders put first on PATH, which Windows mostly spells `Path`. */
export function withFirstOnPath(
  os: string,
  env: Readonly<Record<string, string>>,
  folders: readonly string[],
): Record<string, string> {
  if (folders.length === 0) return {...env}
  const known = os === 'win32' ? Object.keys(env).find(name => name.toUpperCase() === 'PATH') : undefined
  const name = known ?? 'PATH'
  return {...env, [name]: [...folders, ...(env[name] ? [env[name]] : [])].join(delimiter)}
}
