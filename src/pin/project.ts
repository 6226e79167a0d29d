import {lstatSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {projectConfigName} from '../toolchain/project-config.ts'
import {ancestors, projectAncestors} from './ancestors.ts'
import {defaultToolchain} from './default-toolchain.ts'
import {pinFileNames, pinsIn} from './readers.ts'
import type {Pin} from './types.ts'
import {variablePin} from './variables.ts'

export interface Project {
  /** The nearest ancestor of the working directory with a pin file or a `tool.json`, below the home if inside it. */
  root: string
}

/** The project of the working directory, if it is in one. */
export function findProject(context: Context): Project | undefined {
  const names = [...pinFileNames(context), projectConfigName]
  for (const root of projectAncestors(context.cwd, context)) {
    // A link to nothing is a mistake to be told, not a file to be passed over.
    if (names.some(name => exists(join(root, name)))) return {root}
  }
  return undefined
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, {throwIfNoEntry: false}) !== undefined
  } catch {
    return false
  }
}

/**
 * What the project pins, for building and installing: the toolchains that files at or above its root name, nearest
 * first. Variables override only their versions; what is the system's, or pinned globally, is left out.
 * @throws UserError PIN_*
 */
export function projectPins(context: Context, {root}: Project): Pin[] {
  const pins = new Map<string, Pin>()
  for (const directory of ancestors(root)) {
    for (const pin of pinsIn(directory, context)) {
      if (!pins.has(pin.toolchain)) pins.set(pin.toolchain, pin)
    }
  }
  return [...pins.values()]
    .map(pin => variablePin(context, pin.toolchain, () => defaultToolchain(context).name) ?? pin)
    .filter(({specs}) => specs.some(({kind}) => kind !== 'system'))
}
