import type {Context} from '../base/context.ts'
import {parseDuration} from '../base/duration.ts'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import type {UserConfig} from '../model/user-config.ts'
import {isToolchainName} from './name.ts'
import {readSettingsFile} from './settings-file.ts'

export type UserConfigKey = Exclude<keyof UserConfig, '$schema'>

interface Field {
  /** What a value must be, in words. */
  expected: string
  accepts(value: unknown): boolean
}

const yesOrNo: Field = {expected: 'true or false', accepts: value => typeof value === 'boolean'}

const seconds: Field = {
  expected: 'a number of seconds, up to 86400',
  accepts: value => typeof value === 'number' && value > 0 && value <= 86_400,
}

/** The fields of `config.json`, as its schema has them; a test holds one against the other. */
export const userConfigFields: Readonly<Record<UserConfigKey, Field>> = {
  defaultToolchain: {
    expected: 'the name of a toolchain, such as "typescript"',
    accepts: value => typeof value === 'string' && isToolchainName(value),
  },
  autoInstall: yesOrNo,
  offline: yesOrNo,
  mirrors: {
    expected: 'an object such as {"https://registry.npmjs.org/": ["https://mirror.example/npm/"]}',
    accepts: areMirrors,
  },
  verify: {
    expected: '"available" or "required"',
    accepts: value => value === 'available' || value === 'required',
  },
  minimumReleaseAge: {
    expected: 'a span of time such as "3 days", "12 hours" or "2 weeks"',
    accepts: value => typeof value === 'string' && parseDuration(value) !== undefined,
  },
  minimumReleaseAgeExclude: {
    expected: 'a list of toolchains such as ["esbuild"]',
    accepts: value =>
      Array.isArray(value) && value.every(name => typeof name === 'string' && isToolchainName(name)),
  },
  keepArchives: yesOrNo,
  insecureRedirects: yesOrNo,
  connectTimeout: seconds,
  idleTimeout: seconds,
  totalTimeout: seconds,
}

/**
 * The user's settings, `$TOOL_HOME/config.json`; empty where there is no such file. Read anew at each call, without the
 * schema library.
 * @throws UserError CONFIG_INVALID with the line
 */
export function readUserConfig(context: Context): UserConfig {
  return userConfigWithLines(context).config
}

/** The settings, and the line that each of them is on. */
export interface UserConfigWithLines {
  config: UserConfig
  lineOf(key: UserConfigKey): number
}

/** As `readUserConfig`, for those who say where a value comes from. */
export function userConfigWithLines({layout, env}: Context): UserConfigWithLines {
  const file = readSettingsFile(layout.config, env, 'CONFIG_INVALID')
  if (file === undefined) return {config: {}, lineOf: () => 1}
  const {value: config, lineOf} = file
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw invalid(`${layout.config}:1: is no JSON object`, 'write {"autoInstall": false}, say')
  }
  for (const [key, value] of Object.entries(config)) {
    const at = `${layout.config}:${lineOf(key)}: ${key}`
    if (key === '$schema') {
      if (typeof value !== 'string') throw invalid(`${at}: is no text`, 'mend this field')
    } else if (!Object.hasOwn(userConfigFields, key)) {
      throw invalid(`${at}: there is no such setting`, meant(key))
    } else {
      const {accepts, expected} = userConfigFields[key as UserConfigKey]
      if (!accepts(value)) throw invalid(`${at}: is ${JSON.stringify(value)}`, `write ${expected}`)
    }
  }
  return {config, lineOf}
}

/** What a person may have meant by a key that is none, in words. */
export function meant(key: string): string {
  const known = Object.keys(userConfigFields)
  const [near] = nearestNames(key, known)
  return near === undefined ? `the settings are ${known.join(', ')}` : `did you mean ${JSON.stringify(near)}?`
}

function areMirrors(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([prefix, mirrors]) => [prefix, ...[mirrors].flat()].every(isWebAddress))
}

function isWebAddress(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)
}

function invalid(message: string, hint: string): UserError {
  return new UserError({code: 'CONFIG_INVALID', message, hint, exitCode: Exit.badPin})
}
