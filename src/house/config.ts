import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {diskError, makeDirectory, readTextIfAny, writeFileAtomic} from '../base/files.ts'
import type {Origin} from '../base/origin.ts'
import {realPathIfAny} from '../base/real-path.ts'
import type {UserConfig} from '../model/user-config.ts'
import {builtinDefault, variableDefault} from '../pin/bare-specs.ts'
import {acquireLock} from '../process/lock.ts'
import {storeError} from '../store/errors.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {readSettingsFile} from '../toolchain/settings-file.ts'
import {meant, type UserConfigKey, userConfigFields, userConfigWithLines} from '../toolchain/user-config.ts'

/** Text, yes or no, a number of seconds, or the object of `mirrors`. */
type SettingValue = NonNullable<UserConfig[UserConfigKey]>

/** One of the user's settings, with who decides it. */
export interface Setting {
  key: UserConfigKey
  value: SettingValue
  origin: Origin
}

const defaults: Readonly<Record<UserConfigKey, SettingValue>> = {
  defaultToolchain: builtinDefault,
  autoInstall: true,
  offline: false,
  mirrors: {},
  verify: 'available',
  minimumReleaseAge: '0 days',
  minimumReleaseAgeExclude: [],
  keepArchives: true,
  insecureRedirects: false,
  connectTimeout: 15,
  idleTimeout: 30,
  totalTimeout: 3600,
}

/**
 * Every setting as it acts: a variable's word before that of `config.json`, else the default.
 * @throws UserError CONFIG_INVALID, DEFAULT_TOOLCHAIN_INVALID
 */
export function listSettings(context: Context): Setting[] {
  const {config, lineOf} = userConfigWithLines(context)
  const path = context.layout.config
  return settingKeys().map(key => {
    const variable = fromVariable(key, context)
    if (variable !== undefined) return {key, ...variable}
    const value = config[key]
    if (value !== undefined) return {key, value, origin: {kind: 'file', path, line: lineOf(key)}}
    return {key, value: defaults[key], origin: {kind: 'default'}}
  })
}

/**
 * One setting as it acts.
 * @throws UserError CONFIG_KEY_UNKNOWN, and those of `listSettings`
 */
export function getSetting(context: Context, key: string): Setting {
  const known = knownKey(key)
  const found = listSettings(context).find(setting => setting.key === known)
  if (found === undefined) throw new Error(`${key} is listed nowhere`)
  return found
}

/**
 * Writes a setting into `config.json`; the other fields stay, in their order.
 * @returns the setting as it acts now: a variable may still say otherwise
 * @throws UserError CONFIG_KEY_UNKNOWN, CONFIG_VALUE_INVALID, UNKNOWN_TOOLCHAIN, CONFIG_INVALID, those of the disk
 */
export async function setSetting(
  context: Context,
  definitions: Definitions,
  key: string,
  text: string,
): Promise<Setting> {
  const known = knownKey(key)
  const value = parseValue(known, text, definitions)
  await change(context, config => {
    // What is wrong already is told before anything is written.
    userConfigWithLines(context)
    return {...config, [known]: value}
  })
  return getSetting(context, known)
}

/**
 * Takes a setting out of `config.json`, also one that is none: how a slip is mended.
 * @returns whether it was there
 * @throws UserError CONFIG_KEY_UNKNOWN where it is neither known nor there, CONFIG_INVALID, those of the disk
 */
export async function unsetSetting(context: Context, key: string): Promise<boolean> {
  let was = false
  await change(context, config => {
    was = Object.hasOwn(config, key)
    const {[key]: _, ...rest} = config
    return was ? rest : undefined
  })
  if (!was) knownKey(key)
  return was
}

const settingKeys = () => Object.keys(userConfigFields) as UserConfigKey[]

function fromVariable(key: UserConfigKey, context: Context): Pick<Setting, 'value' | 'origin'> | undefined {
  if (key === 'defaultToolchain') {
    const found = variableDefault(context)
    return found && {value: found.name, origin: found.origin}
  }
  const set = key === 'offline' && context.env.TOOL_OFFLINE
  return set ? {value: context.offline, origin: {kind: 'variable', name: 'TOOL_OFFLINE'}} : undefined
}

function knownKey(key: string): UserConfigKey {
  const known = settingKeys().find(one => one === key)
  if (known !== undefined) return known
  throw new UserError({
    code: 'CONFIG_KEY_UNKNOWN',
    message: `there is no setting ${JSON.stringify(key)}`,
    hint: meant(key),
    exitCode: Exit.usage,
  })
}

function parseValue(key: UserConfigKey, text: string, definitions: Definitions): SettingValue {
  const {accepts, expected} = userConfigFields[key]
  const value = meaningOf(text)
  if (!accepts(value)) {
    throw new UserError({
      code: 'CONFIG_VALUE_INVALID',
      message: `${key} can't be ${JSON.stringify(text)}`,
      hint: `it is ${expected}`,
      exitCode: Exit.usage,
    })
  }
  if (key === 'defaultToolchain') return definitions.get(text, {kind: 'argument', text}).name
  return value as SettingValue
}

/** What stands for something else than text: yes and no, numbers, objects. */
function meaningOf(text: string): unknown {
  if (!/^(?:true|false|[\d.]+|\{.*\})$/s.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Applies a change to the file; undefined: none is needed. */
async function change(context: Context, edit: (config: Fields) => Fields | undefined): Promise<void> {
  const {layout, env, signal} = context
  try {
    makeDirectory(layout.locks)
  } catch (error) {
    throw storeError(error, layout)
  }
  await using _lock = await acquireLock(layout.lock('config'), {signal})
  const value = readSettingsFile(layout.config, env, 'CONFIG_INVALID')?.value ?? {}
  // What is no object at all is told by the check.
  if (typeof value !== 'object' || Array.isArray(value)) userConfigWithLines(context)
  const edited = edit(value as Fields)
  if (edited === undefined) return
  // A link stays one: people keep their settings elsewhere.
  const path = realPathIfAny(layout.config) ?? layout.config
  try {
    const text = printLike(readTextIfAny(path) ?? '', edited)
    makeDirectory(dirname(path))
    writeFileAtomic(path, text)
  } catch (error) {
    throw errnoOf(error) === undefined ? error : diskError(error, path)
  }
}

/** Indented and ended as the file was before. */
function printLike(before: string, value: unknown): string {
  const [, indent = before.includes('\n') || before === '' ? '  ' : ''] = /\n([ \t]+)"/.exec(before) ?? []
  const text = `${JSON.stringify(value, undefined, indent)}\n`
  return before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text
}
