import {join} from 'node:path'
import type {Environment} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {Origin} from '../base/origin.ts'
import type {ProjectConfig} from '../model/project-config.ts'
import {check} from './check.ts'
import {isToolchainName} from './name.ts'
import {readSettingsFile} from './settings-file.ts'

/** The name of a project's settings, in its root. */
export const projectConfigName = 'tool.json'

const code = 'PROJECT_CONFIG_INVALID'

/**
 * The settings of the project in a folder; empty where it has none.
 * @throws UserError PROJECT_CONFIG_INVALID with the path of the field
 */
export async function readProjectConfig(root: string, env: Environment = {}): Promise<ProjectConfig> {
  return (await readProjectConfigFile(root, env))?.config ?? {}
}

/** The settings of a project, and the text that says so. */
export interface ProjectConfigFile {
  path: string
  text: string
  config: ProjectConfig
}

/**
 * The same with the text of the file, for those who judge it; undefined where there is none.
 * @throws UserError PROJECT_CONFIG_INVALID with the path of the field
 */
export async function readProjectConfigFile(
  root: string,
  env: Environment,
): Promise<ProjectConfigFile | undefined> {
  const path = join(root, projectConfigName)
  const file = readSettingsFile(path, env, code)
  if (file === undefined) return undefined
  const {projectConfigSchema} = await import('../model/project-config.ts')
  return {path, text: file.text, config: await check(projectConfigSchema, file.value, {path, code})}
}

/** A toolchain, and who says so. */
export interface DefaultToolchain {
  name: string
  origin: Origin
}

/**
 * The field `defaultToolchain` of a project's settings, by itself: bare specs need no more of it, and the whole schema
 * is slow to load.
 * @throws UserError PROJECT_CONFIG_INVALID
 */
export function readDefaultToolchain(path: string, env: Environment): DefaultToolchain | undefined {
  const file = readSettingsFile(path, env, code)
  if (file === undefined) return undefined
  const {value: config, lineOf} = file
  if (typeof config !== 'object' || config === null || !('defaultToolchain' in config)) return undefined
  const {defaultToolchain: name} = config
  const line = lineOf('defaultToolchain')
  if (typeof name === 'string' && isToolchainName(name)) return {name, origin: {kind: 'file', path, line}}
  throw new UserError({
    code,
    message: `${path}:${line}: defaultToolchain: ${JSON.stringify(name)} is not the name of a toolchain`,
    hint: 'write a name such as "typescript"',
    exitCode: Exit.badPin,
  })
}
