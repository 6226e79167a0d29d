import {basename, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import type {Target} from '../driver/target.ts'
import {makeAvailable} from '../install/available.ts'
import type {ProjectConfig, ServeSettings} from '../model/project-config.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {lockPath} from '../pin/lock-file.ts'
import {projectPins} from '../pin/project.ts'
import {pinFileNames} from '../pin/readers.ts'
import type {Pin} from '../pin/types.ts'
import {versionOf} from '../resolve/bin.ts'
import {commandOf} from '../resolve/command.ts'
import type {Resolved} from '../resolve/types.ts'
import {rememberProject} from '../store/projects.ts'
import {concrete} from '../toolchain/concrete.ts'
import {type Definitions, loadDefinitions} from '../toolchain/definitions.ts'
import {modesOf} from '../toolchain/modes.ts'
import {
  type ProjectConfigFile,
  projectConfigName,
  readProjectConfigFile,
} from '../toolchain/project-config.ts'
import {requireProject} from './require-project.ts'
import {withProgress} from './with-progress.ts'

export interface ProjectTargets {
  root: string
  targets: Target<ServeSettings>[]
  /** What files are called, in any folder, that say what is to run. */
  pinFiles: string[]
}

export interface TargetOptions {
  mode: WorkerMode
  /** Only this toolchain. */
  toolchain?: string | undefined
  /** Installs what is missing. */
  install: boolean
  quiet: boolean
}

/**
 * What the project of the working directory pins, installed and ready to be run: every toolchain that has a command
 * for the mode.
 * @throws UserError NO_PROJECT, TOOLCHAIN_NOT_PINNED, VERSION_NOT_INSTALLED, PIN_*, and those of install
 */
export async function projectTargets(context: Context, options: TargetOptions): Promise<ProjectTargets> {
  const definitions = await loadDefinitions(context)
  const project = requireProject(context, definitions)
  const {root} = project
  const file = await readProjectConfigFile(root, context.env)
  checkToolchains(file?.config ?? {}, definitions, root)
  if (options.toolchain !== undefined)
    definitions.get(options.toolchain, {kind: 'argument', text: options.toolchain})
  const pins = chosen(projectPins(context, definitions, project), root, options)
  const wanted = pins.filter(pin => hasMode(definitions, pin, options))
  const resolved = await withProgress(context, options.quiet, shown =>
    makeAvailable(context, definitions, wanted, {...shown, install: options.install}),
  )
  await rememberProject(context, root)
  return {
    root,
    targets: resolved.map(one => targetOf(context, definitions, file, one, options.mode)),
    pinFiles: [...pinFileNames(context, definitions), basename(lockPath(root, context)), projectConfigName],
  }
}

/** A misspelt name in tool.json would else be settings that never act. */
function checkToolchains(config: ProjectConfig, definitions: Definitions, root: string): void {
  const known = definitions.names()
  for (const mode of ['build', 'watch', 'serve'] as const) {
    for (const name of Object.keys(config[mode] ?? {})) {
      if (known.includes(name)) continue
      const near = nearestNames(name, known)
      throw new UserError({
        code: 'PROJECT_CONFIG_INVALID',
        message: `there is no toolchain ${JSON.stringify(name)} (set by ${join(root, 'tool.json')}, ${mode}.${name})`,
        hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known are ${known.join(', ')}`,
        exitCode: Exit.badPin,
      })
    }
  }
}

function chosen(pins: Pin[], root: string, {toolchain}: TargetOptions): Pin[] {
  if (toolchain === undefined) return pins
  const pin = pins.find(one => one.toolchain === toolchain)
  if (pin) return [pin]
  throw new UserError({
    code: 'TOOLCHAIN_NOT_PINNED',
    message: `the project in ${root} does not pin ${toolchain} (set by the command line)`,
    hint:
      pins.length > 0
        ? `it pins ${pins.map(one => one.toolchain).join(', ')}`
        : `write "${toolchain} latest" into .toolversion`,
    exitCode: Exit.badPin,
  })
}

/** A toolchain without the mode in any version is not even installed for it. */
function hasMode(definitions: Definitions, {toolchain, origin}: Pin, {mode}: TargetOptions): boolean {
  return modesOf(definitions.get(toolchain, origin)).includes(mode)
}

function targetOf(
  context: Context,
  definitions: Definitions,
  file: ProjectConfigFile | undefined,
  resolved: Resolved,
  mode: WorkerMode,
): Target<ServeSettings> {
  const {toolchain, pin} = resolved
  const version = versionOf(resolved)
  return {
    definition: concrete(definitions.get(toolchain, pin.origin), version, context.platform),
    version: version ?? resolved.spec.text,
    origin: pin.origin,
    program: executable => commandOf(context, definitions, resolved, executable),
    ...settingsFor(file?.config ?? {}, toolchain, mode),
    settingsText: file?.text,
  }
}

type Settings = Pick<Target<ServeSettings>, 'settings' | 'environmentFrom'>

/** What is also built is written once: what `watch` leaves out is as in `build`. */
function settingsFor(config: ProjectConfig, toolchain: string, mode: WorkerMode): Settings {
  const own = config[mode]?.[toolchain]
  const built = config.build?.[toolchain]
  if (mode !== 'watch' || built === undefined) return {settings: own}
  return {
    settings: {...built, ...own},
    ...(own?.environment === undefined && {environmentFrom: 'build' as const}),
  }
}
