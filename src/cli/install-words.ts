import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {Origin} from '../base/origin.ts'
import {platformNamed} from '../base/platform-name.ts'
import {ensureInstalled} from '../install/ensure.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import {projectPins} from '../pin/project.ts'
import type {Pin} from '../pin/types.ts'
import {type Definitions, loadDefinitions} from '../toolchain/definitions.ts'
import {fromMirror} from '../toolchain/from-mirror.ts'
import {eachPin} from './pin-words.ts'
import {rememberThisProject} from './remember-project.ts'
import {requireProject} from './require-project.ts'
import {withProgress} from './with-progress.ts'

/** What `tool install` did for one pin. */
export interface InstalledPin {
  toolchain: string
  version: string
  directory: string
  /** False if it was there already. */
  fresh: boolean
  origin: Origin
}

export interface InstallWordsOptions {
  /** Whose versions are meant where a word names none. */
  toolchain?: string | undefined
  force?: boolean
  quiet?: boolean
  /** Folder or URL of a mirror. */
  from?: string | undefined
  /** Name of the platform, if not this machine's. */
  platform?: string | undefined
}

/**
 * `tool install [WORD…]`: the versions named, else what the project pins.
 * @throws UserError NO_PROJECT, NOTHING_PINNED, PIN_*, UNKNOWN_TOOLCHAIN, PLATFORM_UNKNOWN, and those of `install`
 */
export async function installWords(
  started: Context,
  words: readonly string[],
  {toolchain, force = false, quiet = false, from, platform}: InstallWordsOptions,
): Promise<InstalledPin[]> {
  const context = platform === undefined ? started : {...started, platform: platformNamed(platform)}
  const known = await loadDefinitions(context)
  const definitions = from === undefined ? known : fromMirror(context, known, from)
  const pins =
    words.length === 0
      ? pinsOfProject(context, definitions)
      : namedPins(context, definitions, words, toolchain)
  const ensured = await withProgress(context, quiet, shown =>
    ensureInstalled(context, definitions, pins, {...shown, force}),
  )
  await rememberThisProject(context, definitions)
  return ensured.flatMap(one => {
    if (one.via !== 'store') return []
    const {toolchain, version, directory} = one.installed
    return [{toolchain, version, directory, fresh: one.fresh, origin: one.pin.origin}]
  })
}

function namedPins(
  context: Context,
  definitions: Definitions,
  words: readonly string[],
  toolchain: string | undefined,
): Pin[] {
  const byDefault = toolchain === undefined ? defaultToolchain(context) : {name: toolchain}
  return eachPin(context, definitions, words, {...byDefault, chosen: toolchain !== undefined})
}

function pinsOfProject(context: Context, definitions: Definitions): Pin[] {
  const project = requireProject(context, definitions)
  const pins = projectPins(context, definitions, project)
  if (pins.length > 0) return pins
  throw new UserError({
    code: 'NOTHING_PINNED',
    message: `the project in ${project.root} pins no version`,
    hint: 'write a line such as "typescript 5.9.3" into .toolversion, or name a version: tool install 5.9.3',
    exitCode: Exit.badPin,
  })
}
