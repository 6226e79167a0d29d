import {join} from 'node:path'
import type {Environment} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {Origin} from '../base/origin.ts'
import {readOwnedText} from '../base/owned-text.ts'
import type {ProjectConfig} from '../model/project-config.ts'
import {check, parseJson} from './check.ts'
import {isToolchainName} from './name.ts'

/** The name of a project's settings, in its root. */
export const projectConfigName = 'tool.json'

const code = 'PROJECT_CONFIG_INVALID'

/**
 * The settings of the project in a folder; empty where it has none.
 * @throws UserError PROJECT_CONFIG_INVALID with the path of the field
 */
export async function readProjectConfig(root: string, env: Environment = {}): Promise<ProjectConfig> {
  const path = join(root, projectConfigName)
  const text = readConfigText(path, env, code)
  if (text === undefined) return {}
  const {projectConfigSchema} = await import('../model/project-config.ts')
  return check(projectConfigSchema, parseJson(text, {path, code}), {path, code})
}

/** A toolchain, and who says so. */
export interface DefaultToolchain {
  name: string
  origin: Origin
}

/**
 * The field `defaultToolchain` of a settings file, by itself: bare specs need no more of it, and the whole schema
 * is slow to load. `code` is that of the error if the file is wrong.
 */
export function readDefaultToolchain(
  path: string,
  env: Environment,
  code: 'PROJECT_CONFIG_INVALID' | 'CONFIG_INVALID' = 'PROJECT_CONFIG_INVALID',
): DefaultToolchain | undefined {
  const text = readConfigText(path, env, code)
  if (text === undefined) return undefined
  const config = parseJson(text, {path, code})
  if (typeof config !== 'object' || config === null || !('defaultToolchain' in config)) return undefined
  const {defaultToolchain: name} = config
  const line = text.slice(0, Math.max(0, text.indexOf('"defaultToolchain"'))).split('\n').length
  if (typeof name === 'string' && isToolchainName(name)) return {name, origin: {kind: 'file', path, line}}
  throw new UserError({
    code,
    message: `${path}:${line}: defaultToolchain: ${JSON.stringify(name)} is not the name of a toolchain`,
    hint: 'write a name such as "typescript"',
    exitCode: Exit.badPin,
  })
}

function readConfigText(path: string, env: Environment, code: string): string | undefined {
  const read = readOwnedText(path, env)
  if (read === undefined || 'text' in read) return read?.text
  const what = {
    unreadable: "can't be read",
    'not-a-file': 'is no file',
    'not-yours': 'belongs to another user',
    'too-large': 'is too large',
    binary: 'is not UTF-8 text',
  }[read.problem]
  throw new UserError({
    code,
    message: `${path} ${what}`,
    hint: 'replace it by a readable JSON file of your own, or remove it',
    exitCode: Exit.badPin,
  })
}
